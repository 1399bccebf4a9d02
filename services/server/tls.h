// TLS of the server: certificate and key from files that are read again when they change, so that a renewed certificate
// needs no restart; with a client CA, mutual TLS: only clients with a certificate of that CA are let in.
// Thread safety: pure but for the files.
#pragma once

#include <grpcpp/security/server_credentials.h>

#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/time/time.h"

namespace snowfield::server {

// How long after a file has changed the new one holds, at most.
inline constexpr absl::Duration kTlsReloadEvery = absl::Seconds(30);

struct TlsFiles {
  std::string certificate = {};  // PEM, the chain; empty: plain text
  std::string key = {};          // PEM
  std::string client_ca = {};    // PEM; empty: clients need no certificate
  absl::Duration reload_every = kTlsReloadEvery;

  bool IsOn() const { return !certificate.empty() || !key.empty() || !client_ca.empty(); }
};

// FAILED_PRECONDITION with reason TLS_FILES_INCOMPLETE, TLS_FILE_UNREADABLE, TLS_KEY_MISMATCH or TLS_KEY_EXPOSED
// (others than its owner and group may read it), saying the mend.
absl::Status CheckTlsFiles(const TlsFiles& files);

// For files that CheckTlsFiles passes. TLS 1.2 and above, as gRPC has it.
std::shared_ptr<grpc::ServerCredentials> ServerCredentialsOf(const TlsFiles& files);

}  // namespace snowfield::server
