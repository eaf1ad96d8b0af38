# Causeway as a container: docs/operating.md says how to run it.

# The third-party files of the pages.
FROM node:22-bookworm-slim AS front-end
WORKDIR /src
COPY package.json package-lock.json .npmrc ./
RUN npm ci --no-audit
COPY scripts scripts
COPY static static
RUN npm run build

# The program. It carries its database libraries with it and links nothing but the C library.
FROM rust:1.95-bookworm AS program
WORKDIR /src
COPY . .
COPY --from=front-end /src/static/vendor static/vendor
RUN cargo build --release --locked --bin causeway

FROM debian:bookworm-slim
# Certificates: mail servers and S3 are spoken to over TLS.
RUN apt-get update \
    && apt-get install --yes --no-install-recommends ca-certificates \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --user-group --home-dir /var/lib/causeway --create-home --shell /usr/sbin/nologin causeway
COPY --from=program /src/target/release/causeway /usr/local/bin/causeway
COPY LICENSE /usr/share/doc/causeway/LICENSE

USER 10001:10001
ENV CAUSEWAY_BIND=0.0.0.0:8080 CAUSEWAY_DATA_DIR=/var/lib/causeway CAUSEWAY_LOG_FORMAT=json
VOLUME /var/lib/causeway
EXPOSE 8080
STOPSIGNAL SIGTERM
# The image has no HTTP client; bash speaks enough of it.
HEALTHCHECK --interval=15s --timeout=5s --start-period=60s --retries=3 \
    CMD ["bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/8080 && printf 'GET /healthz HTTP/1.1\\r\\nHost: localhost\\r\\nConnection: close\\r\\n\\r\\n' >&3 && read -r _ status _ <&3 && [ \"$status\" = 200 ]"]
ENTRYPOINT ["causeway"]
CMD ["serve"]
