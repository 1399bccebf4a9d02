// JWT: an ID token of OpenID Connect (RFC 7519, RFC 7515), checked with cjose.
//
// What is refused before any cryptography: algorithms other than RS256 and ES256 (so "none", and HS256, which would
// take a public key for a secret), tokens without a key id, and those that name critical extensions. A key serves only
// the algorithm of its own type. Thread safety: pure.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"

namespace snowfield::access {

inline constexpr size_t kJwtBytesMax = 8 * 1024;
// Clocks of the issuer and of this server may be apart by so much.
inline constexpr absl::Duration kJwtLeeway = absl::Seconds(60);
// RSA keys below this are not used.
inline constexpr size_t kRsaModulusBytesMin = 256;
inline constexpr size_t kKeysMax = 100;

// Whether a bearer token has the form of a JWT; ours never have.
bool LooksLikeJwt(std::string_view token);

// What a token says of itself; nothing of it is proven yet.
struct JwtClaimed {
  std::string algorithm;  // RS256 or ES256
  std::string key_id;
  std::string issuer;
};
// UNAUTHENTICATED: TOKEN_UNKNOWN, SIGN_IN_ALGORITHM, SIGN_IN_KEY_UNKNOWN.
absl::StatusOr<JwtClaimed> ReadJwt(std::string_view token);

struct SigningKey {
  std::string key_id;
  std::string algorithm;  // RS256 or ES256
  std::string jwk;        // JSON
};
// The keys of a JWK Set that may sign: others (symmetric, too short, for encryption, without an id) are passed over.
// INVALID_ARGUMENT where it is no key set.
absl::StatusOr<std::vector<SigningKey>> ReadKeySet(const std::string& json);

// The claims of a token whose signature is right. UNAUTHENTICATED with reason SIGN_IN_SIGNATURE.
absl::StatusOr<nlohmann::json> VerifyJwt(std::string_view token, const SigningKey& key);

struct JwtExpectation {
  std::string issuer;
  std::string audience;
  std::string member_claim;
};
// The value of the claim that names the member. UNAUTHENTICATED: SIGN_IN_ISSUER, SIGN_IN_AUDIENCE, TOKEN_EXPIRED,
// SIGN_IN_NOT_YET, SIGN_IN_CLAIM.
absl::StatusOr<std::string> ReadSubject(const nlohmann::json& claims, const JwtExpectation& expected, absl::Time now);

}  // namespace snowfield::access
