// KeyRing: the keys of the issuers, fetched when they are needed and kept for a while.
//
// A set of keys is good for fresh_for; then it is fetched again, and with the new set the old one goes. A token with an
// unknown key id has the set fetched at once (the issuer may have rotated), but not sooner than refetch_every after the
// last time, whatever tokens come. Where the issuer is away, the old set goes on until age_max. One call at a time
// fetches an issuer's keys; others go on with what is there, or wait where there is nothing. Thread safety: Find() from
// any thread.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "base/clock.h"
#include "services/access/sign_in/jwt.h"

namespace snowfield::access {

struct KeyRingOptions {
  absl::Duration fresh_for = absl::Minutes(10);
  absl::Duration refetch_every = absl::Seconds(30);
  absl::Duration age_max = absl::Hours(1);
  absl::Duration wait_max = absl::Seconds(12);  // for another call that fetches
  size_t issuers_max = 1000;                    // kept at once
};

class KeyRing {
 public:
  // Fetches the key set of an issuer: its JSON.
  using Fetch = std::function<absl::StatusOr<std::string>(const std::string& issuer)>;
  KeyRing(Fetch fetch, const base::Clock& clock, const KeyRingOptions& options = {})
      : fetch_(std::move(fetch)), clock_(clock), options_(options) {}

  // UNAUTHENTICATED with reason SIGN_IN_KEY_UNKNOWN; UNAVAILABLE with reason SIGN_IN_UNAVAILABLE.
  absl::StatusOr<SigningKey> Find(const std::string& issuer, const std::string& key_id);

 private:
  struct Keys {
    std::vector<SigningKey> keys;
    absl::Time fetched = absl::InfinitePast();
    absl::Time tried = absl::InfinitePast();
    bool fetching = false;
  };
  Keys& KeysOf(const std::string& issuer) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void FetchNow(const std::string& issuer) ABSL_LOCKS_EXCLUDED(mutex_);

  const Fetch fetch_;
  const base::Clock& clock_;
  const KeyRingOptions options_;
  absl::Mutex mutex_;
  absl::flat_hash_map<std::string, std::unique_ptr<Keys>> issuers_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace snowfield::access
