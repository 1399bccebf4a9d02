// TestIssuer: an issuer of OpenID Connect on an HTTPS port of loopback: discovery, keys, and ID tokens of every sort.
// Thread safety: one thread; the server itself answers on its own.
#pragma once

#include <atomic>
#include <map>
#include <memory>
#include <mutex>
#include <nlohmann/json.hpp>
#include <string>
#include <thread>

#include "absl/time/time.h"
#include "tests/services/server/test_certificates.h"

struct _cjose_jwk_int;  // NOLINT(bugprone-reserved-identifier): the library's own name

namespace snowfield::tests {

class TestIssuer {
 public:
  // Serves with the certificate NAME.pem of `certificates`.
  TestIssuer(const TestCertificates& certificates, const std::string& name);
  ~TestIssuer();

  const std::string& url() const { return url_; }
  // A key of its own, published from now on.
  void AddRsaKey(const std::string& key_id, size_t bits = 2048);
  void AddEcKey(const std::string& key_id);
  // Published no longer; it can still sign.
  void Withdraw(const std::string& key_id);

  // Good claims for `subject`, an hour long.
  nlohmann::json Claims(const std::string& subject, absl::Time now) const;
  // A token signed with this key.
  std::string Sign(const nlohmann::json& claims, const std::string& key_id, const std::string& algorithm) const;
  // header.claims.signature of whatever sort.
  static std::string Forge(const nlohmann::json& header, const nlohmann::json& claims, const std::string& signature);
  // The public half of a key as a JWK.
  std::string PublicJwk(const std::string& key_id) const;

  // Answers this path with this, whatever it is: status line and headers included.
  void Answer(const std::string& path, const std::string& response);
  // Answers nothing at all.
  void SetAway(bool away) { away_ = away; }
  // How often the keys were asked for.
  int keys_fetched() const { return keys_fetched_; }

 private:
  struct Key;
  void Serve();
  std::string ResponseTo(const std::string& path);

  const TestCertificates& certificates_;
  const std::string certificate_;
  std::string url_;
  int listener_ = -1;
  std::atomic<bool> away_ = false;
  std::atomic<bool> ending_ = false;
  std::atomic<int> keys_fetched_ = 0;
  mutable std::mutex mutex_;
  std::map<std::string, std::shared_ptr<Key>> keys_;
  std::map<std::string, std::string> answers_;
  std::thread thread_;
};

}  // namespace snowfield::tests
