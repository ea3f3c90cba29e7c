# syntax=docker/dockerfile:1
FROM node:20-bookworm-slim AS assets
WORKDIR /src
COPY package.json package-lock.json .npmrc ./
RUN npm ci --no-audit --no-fund
COPY static static
COPY docs/screenshots docs/screenshots
RUN node static/build.mjs

FROM golang:1.26-bookworm AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
COPY --from=assets /src/static/dist static/dist
ARG VERSION=unknown
RUN CGO_ENABLED=0 go build -trimpath -o /tandem \
      -ldflags "-s -w -X tandem/internal/program.version=$VERSION" . \
 && mkdir -p /data && chown 65532:65532 /data

# Nothing but the program and the certificates it trusts. Run it read-only, with a volume at /data
# for the SQLite file. SQLite sorts what is large in files of the working directory, as there is no
# other place to write to.
FROM scratch
COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/
COPY --from=build /tandem /tandem
COPY --from=build --chown=65532:65532 /data /data
USER 65532:65532
WORKDIR /data
ENV TANDEM_ADDR=0.0.0.0:8080 TANDEM_DATABASE_URL=sqlite:/data/tandem.db
VOLUME /data
EXPOSE 8080
HEALTHCHECK --interval=15s --timeout=6s --start-period=5s CMD ["/tandem", "healthcheck"]
ENTRYPOINT ["/tandem"]
