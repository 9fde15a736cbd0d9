from casewright_jira_sync.domain.site import comment_url


def test_a_comment_s_address_opens_it_in_the_issue() -> None:
    assert comment_url("https://x", "SHOP-1", "7") == "https://x/browse/SHOP-1?focusedCommentId=7"
