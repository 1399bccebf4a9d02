#include "services/access/sign_in/sign_in.h"

#include <nlohmann/json.hpp>
#include <optional>

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "base/log.h"
#include "base/status.h"
#include "db/pg/run_in_transaction.h"
#include "db/store/sign_in_store.h"
#include "services/access/scope.h"

namespace snowfield::access {
namespace {

constexpr char kDiscovery[] = "/.well-known/openid-configuration";

absl::Status Refused(std::string_view reason, std::string_view message) {
  return base::Problem(absl::StatusCode::kUnauthenticated, reason, "", message);
}

absl::Status BadDiscovery() {
  return base::Problem(absl::StatusCode::kUnavailable, "SIGN_IN_UNAVAILABLE", "",
                       "what the issuer says of itself is not of its form, or names another issuer");
}

}  // namespace

SignIn::SignIn(db::Pool* pool, const base::Clock& clock, const SignInOptions& options)
    : pool_(pool),
      clock_(clock),
      options_(options),
      keys_([this](const std::string& issuer) { return FetchKeys(issuer); }, clock, options.keys) {}

absl::StatusOr<std::string> SignIn::FetchKeys(const std::string& issuer) const {
  const absl::string_view base_url = absl::StripSuffix(issuer, "/");
  const absl::StatusOr<std::string> text = HttpsGet(absl::StrCat(base_url, kDiscovery), options_.https);
  base::Log(text.ok() ? base::LogLevel::kInfo : base::LogLevel::kWarning, "sign_in.keys_fetched", {{"ok", text.ok()}});
  if (!text.ok()) return text.status();
  const auto document = nlohmann::json::parse(*text, nullptr, /*allow_exceptions=*/false);
  if (!document.is_object() || !document.contains("issuer") || document["issuer"] != nlohmann::json(issuer) ||
      !document.contains("jwks_uri") || !document["jwks_uri"].is_string()) {
    return BadDiscovery();
  }
  return HttpsGet(document["jwks_uri"].get<std::string>(), options_.https);
}

absl::StatusOr<Caller> SignIn::FindCaller(std::string_view jwt, const db::Scope& scope) {
  SNOWFIELD_ASSIGN_OR_RETURN(const JwtClaimed claimed, ReadJwt(jwt));
  SNOWFIELD_ASSIGN_OR_RETURN(const std::optional<db::IssuerRow> issuer,
                             db::RunInTransaction(*pool_, scope, [&](db::Transaction& transaction) {
                               return db::FindIssuer(transaction, claimed.issuer);
                             }));
  if (!issuer.has_value()) {
    return Refused("SIGN_IN_ISSUER", "this ID token is from another issuer than the campaign trusts");
  }
  SNOWFIELD_ASSIGN_OR_RETURN(const SigningKey key, keys_.Find(issuer->issuer, claimed.key_id));
  SNOWFIELD_ASSIGN_OR_RETURN(const nlohmann::json claims, VerifyJwt(jwt, key));
  const JwtExpectation expected{
      .issuer = issuer->issuer, .audience = issuer->audience, .member_claim = issuer->member_claim};
  SNOWFIELD_ASSIGN_OR_RETURN(const std::string subject, ReadSubject(claims, expected, clock_.Now()));
  SNOWFIELD_ASSIGN_OR_RETURN(const std::optional<db::SignedInMember> member,
                             db::RunInTransaction(*pool_, scope, [&](db::Transaction& transaction) {
                               return db::FindSignedInMember(transaction, issuer->id, subject);
                             }));
  if (!member.has_value()) {
    return Refused("SIGN_IN_SUBJECT", "you are signed in, but as nobody of this campaign: ask an owner to link you");
  }
  SNOWFIELD_ASSIGN_OR_RETURN(const v1::Role role, RoleFromName(member->role));
  return Caller{.campaign = scope.campaign,
                .member = member->member,
                .role = role,
                .scope = ScopeOf(role, member->held_to_branch)};
}

}  // namespace snowfield::access
