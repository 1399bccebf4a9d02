#include "tests/services/server/test_issuer.h"

#include <arpa/inet.h>
#include <cjose/cjose.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <openssl/ssl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdlib>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"

namespace snowfield::tests {
namespace {
using nlohmann::json;

std::string Ok(const std::string& body) {
  return absl::StrCat("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: ", body.size(),
                      "\r\nConnection: close\r\n\r\n", body);
}

}  // namespace

struct TestIssuer::Key {
  cjose_jwk_t* jwk = nullptr;
  bool published = true;
  ~Key() { cjose_jwk_release(jwk); }
};

TestIssuer::TestIssuer(const TestCertificates& certificates, const std::string& name)
    : certificates_(certificates), certificate_(name) {
  listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  EXPECT_EQ(::bind(listener_, reinterpret_cast<sockaddr*>(&address), sizeof(address)), 0);
  EXPECT_EQ(::listen(listener_, 16), 0);
  socklen_t length = sizeof(address);
  ::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &length);
  url_ = absl::StrCat("https://127.0.0.1:", ntohs(address.sin_port));
  thread_ = std::thread([this] { Serve(); });
}

TestIssuer::~TestIssuer() {
  ending_ = true;
  ::shutdown(listener_, SHUT_RDWR);
  thread_.join();
  ::close(listener_);
}

void TestIssuer::Serve() {
  SSL_CTX* context = SSL_CTX_new(TLS_server_method());
  SSL_CTX_use_certificate_chain_file(context, certificates_.Path(certificate_ + ".pem").c_str());
  SSL_CTX_use_PrivateKey_file(context, certificates_.Path(certificate_ + ".key").c_str(), SSL_FILETYPE_PEM);
  while (!ending_) {
    const int client = ::accept(listener_, nullptr, nullptr);
    if (client < 0) break;
    const timeval patience{.tv_sec = 5, .tv_usec = 0};
    ::setsockopt(client, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
    SSL* ssl = SSL_new(context);
    SSL_set_fd(ssl, client);
    if (!away_ && SSL_accept(ssl) == 1) {
      std::string request;
      char bytes[2048];
      while (request.find("\r\n\r\n") == std::string::npos) {
        const int count = SSL_read(ssl, bytes, sizeof(bytes));
        if (count <= 0) break;
        request.append(bytes, static_cast<size_t>(count));
      }
      const size_t start = request.find(' ') + 1;
      const std::string response = ResponseTo(request.substr(start, request.find(' ', start) - start));
      SSL_write(ssl, response.data(), static_cast<int>(response.size()));
      SSL_shutdown(ssl);
    }
    SSL_free(ssl);
    ::close(client);
  }
  SSL_CTX_free(context);
}

std::string TestIssuer::ResponseTo(const std::string& path) {
  const std::lock_guard lock(mutex_);
  if (path == "/keys") ++keys_fetched_;
  if (answers_.contains(path)) return answers_[path];
  if (path == "/.well-known/openid-configuration") {
    return Ok(json({{"issuer", url_}, {"jwks_uri", url_ + "/keys"}}).dump());
  }
  if (path != "/keys") return "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
  json keys = json::array();
  for (const auto& [id, key] : keys_) {
    if (!key->published) continue;
    cjose_err error{};
    char* text = cjose_jwk_to_json(key->jwk, false, &error);
    keys.push_back(json::parse(text));
    std::free(text);
  }
  return Ok(json({{"keys", keys}}).dump());
}

void TestIssuer::AddRsaKey(const std::string& key_id, size_t bits) {
  cjose_err error{};
  const uint8_t exponent[] = {1, 0, 1};
  auto key = std::make_shared<Key>();
  key->jwk = cjose_jwk_create_RSA_random(bits, exponent, sizeof(exponent), &error);
  ASSERT_NE(key->jwk, nullptr) << error.message;
  cjose_jwk_set_kid(key->jwk, key_id.data(), key_id.size(), &error);
  const std::lock_guard lock(mutex_);
  keys_[key_id] = std::move(key);
}

void TestIssuer::AddEcKey(const std::string& key_id) {
  cjose_err error{};
  auto key = std::make_shared<Key>();
  key->jwk = cjose_jwk_create_EC_random(CJOSE_JWK_EC_P_256, &error);
  ASSERT_NE(key->jwk, nullptr) << error.message;
  cjose_jwk_set_kid(key->jwk, key_id.data(), key_id.size(), &error);
  const std::lock_guard lock(mutex_);
  keys_[key_id] = std::move(key);
}

void TestIssuer::Withdraw(const std::string& key_id) {
  const std::lock_guard lock(mutex_);
  keys_.at(key_id)->published = false;
}

json TestIssuer::Claims(const std::string& subject, absl::Time now) const {
  const int64_t seconds = absl::ToUnixSeconds(now);
  return {{"iss", url_},    {"aud", "snowfield"}, {"sub", subject},
          {"iat", seconds}, {"nbf", seconds},     {"exp", seconds + 3600}};
}

std::string TestIssuer::Sign(const json& claims, const std::string& key_id, const std::string& algorithm) const {
  cjose_err error{};
  std::shared_ptr<Key> key;
  {
    const std::lock_guard lock(mutex_);
    key = keys_.at(key_id);
  }
  cjose_header_t* header = cjose_header_new(&error);
  cjose_header_set(header, CJOSE_HDR_ALG, algorithm.c_str(), &error);
  cjose_header_set(header, CJOSE_HDR_KID, key_id.c_str(), &error);
  const std::string text = claims.dump();
  cjose_jws_t* jws =
      cjose_jws_sign(key->jwk, header, reinterpret_cast<const uint8_t*>(text.data()), text.size(), &error);
  const char* compact = nullptr;
  EXPECT_TRUE(jws != nullptr && cjose_jws_export(jws, &compact, &error)) << error.message;
  std::string token = compact == nullptr ? "" : compact;
  cjose_jws_release(jws);
  cjose_header_release(header);
  return token;
}

std::string TestIssuer::Forge(const json& header, const json& claims, const std::string& signature) {
  return absl::StrCat(absl::WebSafeBase64Escape(header.dump()), ".", absl::WebSafeBase64Escape(claims.dump()), ".",
                      absl::WebSafeBase64Escape(signature));
}

std::string TestIssuer::PublicJwk(const std::string& key_id) const {
  cjose_err error{};
  const std::lock_guard lock(mutex_);
  char* text = cjose_jwk_to_json(keys_.at(key_id)->jwk, false, &error);
  std::string jwk = text;
  std::free(text);
  return jwk;
}

void TestIssuer::Answer(const std::string& path, const std::string& response) {
  const std::lock_guard lock(mutex_);
  answers_[path] = response;
}

}  // namespace snowfield::tests
