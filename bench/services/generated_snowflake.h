// A generated snowflake with realistic team sizes, and a season of knocks in it.
//
// The upper levels lead full teams, as a campaign builds them; below, some of each team have gone on to lead one, and
// teams are of 3 to 8. The same size and seed give the same tree. For a test database: it writes as superuser, in bulk.
// Thread safety: one thread.
#pragma once

#include <cstdint>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "base/ids.h"
#include "tests/support/test_database.h"

namespace snowfield::bench {

struct SnowflakeOptions {
  int members = 300'000;
  int doors = 80'000;
  int knocks = 300'000;
  // Walk lists of 40 doors, eight to a leader, as far as the doors go.
  uint32_t seed = 7;
};

struct Snowflake {
  std::vector<base::MemberId> members;       // from the top downwards
  std::vector<int> depth;                    // of each member
  std::vector<int64_t> branch_size;          // of each member, themselves included
  std::vector<base::MemberId> list_holders;  // leaders with eight walk lists
  double tree_seconds = 0;                   // spent in storing the members
  double knock_seconds = 0;                  // spent in storing ground, lists, knocks and changes
};

// Below the campaign's owner, who must have nobody yet.
absl::StatusOr<Snowflake> GenerateSnowflake(tests::TestDatabase& database, base::CampaignId campaign,
                                            base::MemberId owner, const SnowflakeOptions& options);

// More knocks by random members, each with its change, and nothing of them counted yet.
absl::Status AddKnocks(tests::TestDatabase& database, base::CampaignId campaign, int knocks);

}  // namespace snowfield::bench
