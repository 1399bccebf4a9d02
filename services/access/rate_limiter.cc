#include "services/access/rate_limiter.h"

#include <algorithm>

#include "absl/hash/hash.h"
#include "base/status.h"

namespace snowfield::access {
namespace {
constexpr absl::Duration kSweepEvery = absl::Seconds(10);
}  // namespace

std::optional<absl::Duration> RateLimiter::Take(std::string_view name, const RateLimit& limit, absl::Time now) {
  return Draw(name, limit, now, 1);
}

std::optional<absl::Duration> RateLimiter::Peek(std::string_view name, const RateLimit& limit, absl::Time now) {
  return Draw(name, limit, now, 0);
}

std::optional<absl::Duration> RateLimiter::Draw(std::string_view name, const RateLimit& limit, absl::Time now,
                                                double count) {
  if (limit.per_second <= 0) return std::nullopt;
  const uint64_t key = absl::HashOf(base::ToAbsl(name));
  Shard& shard = shards_[key % kShards];
  absl::MutexLock lock(&shard.mutex);
  if (shard.swept + kSweepEvery <= now || shard.buckets.size() > kBucketsMax / kShards) Sweep(shard, now);
  const auto [entry, is_new] = shard.buckets.try_emplace(key);
  Bucket& bucket = entry->second;
  if (is_new) bucket = {.tokens = limit.burst, .time = now, .full_time = now};
  const double passed_s = std::max(0.0, absl::ToDoubleSeconds(now - bucket.time));
  bucket.tokens = std::min(limit.burst, bucket.tokens + passed_s * limit.per_second);
  bucket.time = std::max(bucket.time, now);
  const bool has_one = bucket.tokens >= 1;
  if (has_one) bucket.tokens -= count;
  bucket.full_time = bucket.time + absl::Seconds((limit.burst - bucket.tokens) / limit.per_second);
  if (has_one) return std::nullopt;
  return absl::Seconds((1 - bucket.tokens) / limit.per_second);
}

void RateLimiter::Sweep(Shard& shard, absl::Time now) {
  shard.swept = now;
  absl::erase_if(shard.buckets, [now](const auto& entry) { return entry.second.full_time <= now; });
  // More callers at once than anyone has: all begin anew.
  if (shard.buckets.size() > kBucketsMax / kShards) shard.buckets.clear();
}

}  // namespace snowfield::access
