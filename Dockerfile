# The server's image: the one binary and the libraries it needs, no shell, no package manager, not root.
#
#   script/image                        makes it without a Docker daemon (buildah), from a Debian that debootstrap makes
#   docker build -t snowfield .         with one
#
# The same sources and the same Debian packages give the same files; script/image gives them the same times too, and so the same digest.
ARG BASE=docker.io/library/debian:12-slim
FROM ${BASE} AS build
COPY script/install script/steps.sh /snowfield/script/
RUN /snowfield/script/install
COPY . /snowfield
WORKDIR /snowfield
RUN cmake --preset image && cmake --build --preset image && script/image-files build-image/bin/snowfield /image

FROM scratch
COPY --from=build /image /
USER 65532:65532
ENV SSL_CERT_FILE=/etc/ssl/certs/ca-certificates.crt
EXPOSE 7311
ENTRYPOINT ["/usr/bin/snowfield"]
CMD ["--help"]
