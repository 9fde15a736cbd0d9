"""Any embedding model that LiteLLM knows; the only module of the embedder that imports it."""


class LiteLLMEmbedding: ...
