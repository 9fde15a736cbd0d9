"""A process that `test_delivery_faults` kills: handles pings by publishing each one on another topic."""

import asyncio
import signal
import sys

from faststream.kafka import KafkaRouter
from prometheus_client import CollectorRegistry

from casewright_common.delivery import Delivery, consumer
from casewright_common.settings import KafkaSettings
from casewright_common.testing import Ping

HANDLING_S = 0.1


async def main(settings_json: str, topic: str, effects: str) -> None:
    settings = KafkaSettings.model_validate_json(settings_json)
    delivery = Delivery("worker", settings, registry=CollectorRegistry())
    router = KafkaRouter()

    @router.subscriber(topic, **consumer("worker", topic, event=Ping))
    async def on_ping(event: Ping) -> None:
        await asyncio.sleep(HANDLING_S)
        await delivery.publish(event, topic=effects)

    delivery.broker.include_router(router)
    await delivery.start()
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    await stop.wait()
    await delivery.stop()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
