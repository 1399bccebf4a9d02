#include "services/access/sign_in/key_ring.h"

#include <algorithm>

#include "base/status.h"

namespace snowfield::access {
namespace {

absl::Status Unknown() {
  return base::Problem(absl::StatusCode::kUnauthenticated, "SIGN_IN_KEY_UNKNOWN", "",
                       "this ID token is signed with a key that its issuer does not have: sign in again");
}

absl::Status Unavailable() {
  return base::Problem(absl::StatusCode::kUnavailable, "SIGN_IN_UNAVAILABLE", "",
                       "the issuer's keys can't be had just now: try again in a moment");
}

}  // namespace

KeyRing::Keys& KeyRing::KeysOf(const std::string& issuer) {
  auto found = issuers_.find(issuer);
  if (found != issuers_.end()) return *found->second;
  if (issuers_.size() >= options_.issuers_max) {
    // Any will do that nobody is at: it is fetched again when it is asked for.
    const auto idle =
        std::find_if(issuers_.begin(), issuers_.end(), [](const auto& entry) { return !entry.second->fetching; });
    if (idle != issuers_.end()) issuers_.erase(idle);
  }
  return *issuers_.emplace(issuer, std::make_unique<Keys>()).first->second;
}

absl::StatusOr<SigningKey> KeyRing::Find(const std::string& issuer, const std::string& key_id) {
  const absl::Time give_up = absl::Now() + options_.wait_max;
  for (bool has_fetched = false;;) {
    {
      absl::MutexLock lock(&mutex_);
      Keys& keys = KeysOf(issuer);
      const absl::Time now = clock_.Now();
      if (keys.fetched + options_.age_max <= now) keys.keys.clear();
      const auto key = std::find_if(keys.keys.begin(), keys.keys.end(),
                                    [&](const SigningKey& candidate) { return candidate.key_id == key_id; });
      const bool known = key != keys.keys.end();
      const bool fresh = keys.fetched + options_.fresh_for > now;
      const bool may_fetch = !has_fetched && !keys.fetching && keys.tried + options_.refetch_every <= now;
      if (known && (fresh || !may_fetch)) return *key;
      if (!may_fetch) {
        if (!keys.keys.empty()) return Unknown();
        if (!keys.fetching) return keys.fetched + options_.age_max > now ? Unknown() : Unavailable();
        // Nothing is there yet, and another call is on its way to it.
        const auto done = [&keys] { return !keys.fetching; };
        if (!mutex_.AwaitWithDeadline(absl::Condition(&done), give_up)) return Unavailable();
        continue;
      }
      keys.fetching = true;
      keys.tried = now;
    }
    FetchNow(issuer);
    has_fetched = true;
  }
}

void KeyRing::FetchNow(const std::string& issuer) {
  const absl::StatusOr<std::string> text = fetch_(issuer);
  absl::StatusOr<std::vector<SigningKey>> fetched =
      text.ok() ? ReadKeySet(*text) : absl::StatusOr<std::vector<SigningKey>>(text.status());
  absl::MutexLock lock(&mutex_);
  Keys& keys = KeysOf(issuer);
  keys.fetching = false;
  if (!fetched.ok()) return;
  keys.keys = *std::move(fetched);
  keys.fetched = clock_.Now();
}

}  // namespace snowfield::access
