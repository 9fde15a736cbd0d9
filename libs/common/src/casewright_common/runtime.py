"""What runs a service: probes, metrics, start and stop in order, clean shutdown.

A service's `app.py` builds its adapters and use cases and hands them over:

    def build(settings: IngestSettings) -> ASGIApp:
        runtime = Runtime("ingest", settings)
        database = Database(settings.postgres, service="ingest")
        configuration = ConfigurationTables(settings.kafka.bootstrap_servers)
        ...
        runtime.delivery.broker.include_router(build_router(...))
        runtime.resource(configuration)            # async context managers, entered in order before the consumers
        runtime.on_close(database.close)
        runtime.check("postgres", database.ping)   # part of readiness
        return runtime.app(routes=[Route("/webhooks/…", …)])     # Starlette with /livez /readyz /metrics
        # gateway: runtime.mount(fastapi_app): adds probes and lifespan to an existing FastAPI

    def main() -> None:
        run("ingest", build, load(IngestSettings))   # uvicorn, SIGTERM → drain → exit 0
"""
