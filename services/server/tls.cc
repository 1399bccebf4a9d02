#include "services/server/tls.h"

#include <grpcpp/security/tls_certificate_provider.h>
#include <grpcpp/security/tls_credentials_options.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <sys/stat.h>

#include <cstdio>

#include "absl/strings/str_cat.h"
#include "base/status.h"

namespace snowfield::server {
namespace {

struct CloseFile {
  void operator()(std::FILE* file) const { std::fclose(file); }
};
struct FreeCertificate {
  void operator()(X509* certificate) const { X509_free(certificate); }
};
struct FreeKey {
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
};
using Certificate = std::unique_ptr<X509, FreeCertificate>;
using Key = std::unique_ptr<EVP_PKEY, FreeKey>;

absl::Status Unreadable(const std::string& path, const char* what) {
  return base::NotNow("TLS_FILE_UNREADABLE", absl::StrCat(path, " can't be read as ", what,
                                                          " in PEM form: check the path and who may read it"));
}

// A key behind a passphrase is none that a server can use.
int NoPassphrase(char* /*buffer*/, int /*size*/, int /*writing*/, void* /*data*/) { return 0; }

absl::StatusOr<Certificate> ReadCertificate(const std::string& path) {
  const std::unique_ptr<std::FILE, CloseFile> file(std::fopen(path.c_str(), "re"));
  if (file == nullptr) return Unreadable(path, "a certificate");
  Certificate certificate(PEM_read_X509(file.get(), nullptr, NoPassphrase, nullptr));
  if (certificate == nullptr) return Unreadable(path, "a certificate");
  return certificate;
}

absl::StatusOr<Key> ReadKey(const std::string& path) {
  const std::unique_ptr<std::FILE, CloseFile> file(std::fopen(path.c_str(), "re"));
  if (file == nullptr) return Unreadable(path, "a private key without a passphrase");
  Key key(PEM_read_PrivateKey(file.get(), nullptr, NoPassphrase, nullptr));
  if (key == nullptr) return Unreadable(path, "a private key without a passphrase");
  struct stat state {};
  if (::fstat(::fileno(file.get()), &state) == 0 && (state.st_mode & S_IROTH) != 0) {
    return base::NotNow("TLS_KEY_EXPOSED", absl::StrCat("everyone on this machine may read ", path,
                                                        ": chmod 600 it, or 640 with a group"));
  }
  return key;
}

}  // namespace

absl::Status CheckTlsFiles(const TlsFiles& files) {
  if (files.certificate.empty() || files.key.empty()) {
    return base::NotNow("TLS_FILES_INCOMPLETE",
                        "TLS takes --tls-certificate and --tls-key together; --tls-client-ca is for mutual TLS on top");
  }
  SNOWFIELD_ASSIGN_OR_RETURN(const Certificate certificate, ReadCertificate(files.certificate));
  SNOWFIELD_ASSIGN_OR_RETURN(const Key key, ReadKey(files.key));
  if (X509_check_private_key(certificate.get(), key.get()) != 1) {
    return base::NotNow("TLS_KEY_MISMATCH", absl::StrCat(files.key, " is not the key of ", files.certificate,
                                                         ": are they of two renewals?"));
  }
  if (files.client_ca.empty()) return absl::OkStatus();
  return ReadCertificate(files.client_ca).status();
}

std::shared_ptr<grpc::ServerCredentials> ServerCredentialsOf(const TlsFiles& files) {
  namespace tls = grpc::experimental;
  const auto seconds = static_cast<unsigned>(absl::ToInt64Seconds(files.reload_every));
  const auto provider =
      std::make_shared<tls::FileWatcherCertificateProvider>(files.key, files.certificate, files.client_ca, seconds);
  tls::TlsServerCredentialsOptions options(provider);
  options.watch_identity_key_cert_pairs();
  if (!files.client_ca.empty()) {
    options.watch_root_certs();
    options.set_cert_request_type(GRPC_SSL_REQUEST_AND_REQUIRE_CLIENT_CERTIFICATE_AND_VERIFY);
  }
  return tls::TlsServerCredentials(options);
}

}  // namespace snowfield::server
