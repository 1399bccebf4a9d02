#include "services/access/sign_in/jwt.h"

#include <cjose/cjose.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <memory>
#include <optional>

#include "absl/strings/escaping.h"
#include "absl/strings/str_split.h"
#include "base/status.h"

namespace snowfield::access {
namespace {
using nlohmann::json;

constexpr char kRs256[] = "RS256";
constexpr char kEs256[] = "ES256";

struct ReleaseKey {
  void operator()(cjose_jwk_t* key) const { cjose_jwk_release(key); }
};
struct ReleaseJws {
  void operator()(cjose_jws_t* jws) const { cjose_jws_release(jws); }
};

absl::Status Refused(std::string_view reason, std::string_view message) {
  return base::Problem(absl::StatusCode::kUnauthenticated, reason, "", message);
}

absl::Status NoJwt() { return Refused("TOKEN_UNKNOWN", "this token is neither one of ours nor an ID token"); }

absl::Status WrongSignature() {
  return Refused("SIGN_IN_SIGNATURE", "this ID token is not signed by its issuer: sign in again");
}

// The JSON object in one part of a token.
std::optional<json> ReadPart(absl::string_view part) {
  std::string text;
  if (!absl::WebSafeBase64Unescape(part, &text)) return std::nullopt;
  json value = json::parse(text, nullptr, /*allow_exceptions=*/false);
  if (!value.is_object()) return std::nullopt;
  return value;
}

std::string TextIn(const json& object, const char* name) {
  const auto found = object.find(name);
  return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

// Which algorithm a key of a set may serve; empty: none.
std::string AlgorithmOf(const json& key) {
  const std::string type = TextIn(key, "kty");
  if (type == "EC") return TextIn(key, "crv") == "P-256" ? kEs256 : "";
  std::string modulus;
  if (type != "RSA" || !absl::WebSafeBase64Unescape(TextIn(key, "n"), &modulus)) return "";
  const size_t zeros = std::min(modulus.find_first_not_of('\0'), modulus.size());
  return modulus.size() - zeros >= kRsaModulusBytesMin ? kRs256 : "";
}

bool HasAudience(const json& claims, const std::string& audience) {
  const auto found = claims.find("aud");
  if (found == claims.end()) return false;
  if (found->is_string()) return found->get<std::string>() == audience;
  return found->is_array() && std::find(found->begin(), found->end(), json(audience)) != found->end();
}

// NumericDate: seconds since 1970, with or without a fraction.
std::optional<absl::Time> TimeIn(const json& claims, const char* name) {
  constexpr double kSecondsMax = 1e11;
  const auto found = claims.find(name);
  if (found == claims.end() || !found->is_number()) return std::nullopt;
  const double seconds = found->get<double>();
  if (!std::isfinite(seconds) || seconds < 0 || seconds > kSecondsMax) return std::nullopt;
  return absl::UnixEpoch() + absl::Seconds(seconds);
}

}  // namespace

bool LooksLikeJwt(std::string_view token) {
  return token.starts_with("ey") && std::count(token.begin(), token.end(), '.') == 2;
}

absl::StatusOr<JwtClaimed> ReadJwt(std::string_view token) {
  if (token.size() > kJwtBytesMax) return NoJwt();
  const std::vector<absl::string_view> parts = absl::StrSplit(base::ToAbsl(token), '.');
  if (parts.size() != 3) return NoJwt();
  const std::optional<json> head = ReadPart(parts[0]);
  const std::optional<json> claims = ReadPart(parts[1]);
  if (!head.has_value() || !claims.has_value()) return NoJwt();
  JwtClaimed claimed{
      .algorithm = TextIn(*head, "alg"), .key_id = TextIn(*head, "kid"), .issuer = TextIn(*claims, "iss")};
  if ((claimed.algorithm != kRs256 && claimed.algorithm != kEs256) || head->contains("crit") || parts[2].empty()) {
    return Refused("SIGN_IN_ALGORITHM", "ID tokens are taken with RS256 or ES256, without critical extensions");
  }
  if (claimed.key_id.empty()) return Refused("SIGN_IN_KEY_UNKNOWN", "this ID token does not say which key signed it");
  return claimed;
}

absl::StatusOr<std::vector<SigningKey>> ReadKeySet(const std::string& text) {
  const json set = json::parse(text, nullptr, /*allow_exceptions=*/false);
  if (!set.is_object() || !set.contains("keys") || !set["keys"].is_array() || set["keys"].size() > kKeysMax) {
    return base::InvalidField("", "SIGN_IN_UNAVAILABLE", "the issuer's keys are not of the form of a JWK Set");
  }
  std::vector<SigningKey> keys;
  for (const json& key : set["keys"]) {
    if (!key.is_object()) continue;
    SigningKey usable{.key_id = TextIn(key, "kid"), .algorithm = AlgorithmOf(key), .jwk = key.dump()};
    const std::string use = TextIn(key, "use");
    const std::string stated = TextIn(key, "alg");
    if (usable.key_id.empty() || usable.algorithm.empty() || (!use.empty() && use != "sig") ||
        (!stated.empty() && stated != usable.algorithm)) {
      continue;
    }
    keys.push_back(std::move(usable));
  }
  return keys;
}

absl::StatusOr<json> VerifyJwt(std::string_view token, const SigningKey& key) {
  SNOWFIELD_ASSIGN_OR_RETURN(const JwtClaimed claimed, ReadJwt(token));
  if (claimed.algorithm != key.algorithm || claimed.key_id != key.key_id) return WrongSignature();
  cjose_err error{};
  const std::unique_ptr<cjose_jwk_t, ReleaseKey> jwk(cjose_jwk_import(key.jwk.data(), key.jwk.size(), &error));
  const std::unique_ptr<cjose_jws_t, ReleaseJws> jws(cjose_jws_import(token.data(), token.size(), &error));
  if (jwk == nullptr || jws == nullptr || !cjose_jws_verify(jws.get(), jwk.get(), &error)) return WrongSignature();
  uint8_t* payload = nullptr;
  size_t length = 0;
  if (!cjose_jws_get_plaintext(jws.get(), &payload, &length, &error)) return WrongSignature();
  json claims = json::parse(payload, payload + length, nullptr, /*allow_exceptions=*/false);
  if (!claims.is_object()) return NoJwt();
  return claims;
}

absl::StatusOr<std::string> ReadSubject(const json& claims, const JwtExpectation& expected, absl::Time now) {
  if (TextIn(claims, "iss") != expected.issuer) {
    return Refused("SIGN_IN_ISSUER", "this ID token is from another issuer than the campaign trusts");
  }
  if (!HasAudience(claims, expected.audience)) {
    return Refused("SIGN_IN_AUDIENCE", "this ID token was made for another client than the campaign's");
  }
  const std::optional<absl::Time> expires = TimeIn(claims, "exp");
  if (!expires.has_value() || *expires + kJwtLeeway <= now) {
    return Refused("TOKEN_EXPIRED", "this ID token has expired: sign in again");
  }
  for (const char* name : {"nbf", "iat"}) {
    if (!claims.contains(name)) continue;
    const std::optional<absl::Time> from = TimeIn(claims, name);
    if (!from.has_value() || *from - kJwtLeeway > now) {
      return Refused("SIGN_IN_NOT_YET",
                     "this ID token is not valid yet: do the issuer's clock and this server's agree?");
    }
  }
  const std::string subject = TextIn(claims, expected.member_claim.c_str());
  const bool unproven = expected.member_claim == "email" &&
                        !(claims.contains("email_verified") && claims["email_verified"] == json(true));
  if (!subject.empty() && !unproven) return subject;
  return Refused("SIGN_IN_CLAIM",
                 "this ID token does not name the member as the campaign wants it, or is not sure of it");
}

}  // namespace snowfield::access
