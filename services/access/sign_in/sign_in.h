// SignIn: from an ID token of OpenID Connect to the member who shows it.
//
// The issuer that a token claims is looked up among those that the campaign trusts before anything is fetched: so only
// what an owner has entered is ever asked. Thread safety: from any thread. The pool and the clock must outlive it.
#pragma once

#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "base/clock.h"
#include "db/pg/pool.h"
#include "services/access/caller.h"
#include "services/access/sign_in/https_get.h"
#include "services/access/sign_in/key_ring.h"

namespace snowfield::access {

struct SignInOptions {
  HttpsLimits https = {};
  KeyRingOptions keys = {};
};

class SignIn {
 public:
  SignIn(db::Pool* pool, const base::Clock& clock, const SignInOptions& options);

  // UNAUTHENTICATED with the reasons of jwt.h, SIGN_IN_ISSUER for one that the campaign does not trust, SIGN_IN_SUBJECT
  // for one whom nobody has linked to a member; UNAVAILABLE with reason SIGN_IN_UNAVAILABLE.
  absl::StatusOr<Caller> FindCaller(std::string_view jwt, const db::Scope& scope);

  const HttpsLimits& limits() const { return options_.https; }

 private:
  // The key set of an issuer, by its discovery document.
  absl::StatusOr<std::string> FetchKeys(const std::string& issuer) const;

  db::Pool* const pool_;
  const base::Clock& clock_;
  const SignInOptions options_;
  KeyRing keys_;
};

}  // namespace snowfield::access
