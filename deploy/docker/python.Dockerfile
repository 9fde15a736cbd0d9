# One image per service: docker build --build-arg SERVICE=ingest -f deploy/docker/python.Dockerfile .
FROM python:3.11-slim-bookworm AS build
ARG SERVICE
WORKDIR /src
COPY requirements requirements
COPY deploy/docker/install.sh deploy/docker/install.sh
COPY libs libs
COPY services services
COPY tools tools
# The running image can't keep bytecode: it is compiled here, or every start would compile all of it.
RUN UV_COMPILE_BYTECODE=1 deploy/docker/install.sh "$SERVICE" /opt/casewright

FROM python:3.11-slim-bookworm
ARG SERVICE
ENV SERVICE=$SERVICE PATH=/opt/casewright/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1
RUN useradd --system --uid 10001 --no-create-home casewright && install -d -o 10001 /data
COPY --from=build /opt/casewright /opt/casewright
USER 10001
# `exec`, so that SIGTERM reaches the service, which drains and ends by itself.
ENTRYPOINT ["sh", "-c", "exec casewright-\"$SERVICE\""]
