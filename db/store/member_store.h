// Members of the snowflake: one tree per campaign, with teams in numbered slots.
//
// The database holds the tree and the team size whatever runs at once (db/migrations/0001): a clash shows as
// ALREADY_EXISTS or FAILED_PRECONDITION of a constraint, and the whole transaction may be tried again
// (ClashedOnTree). db/store/access_store.h says who stands below whom (IsInBranch).
// Thread safety: as the transaction's.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "base/ids.h"
#include "base/uuid.h"
#include "db/pg/transaction.h"

namespace snowfield::db {

// The deepest that a member may stand below the top.
inline constexpr int kMemberDepthMax = 32;

struct MemberPlace {
  double longitude_deg = 0;
  double latitude_deg = 0;
};

struct MemberRow {
  base::MemberId id;
  std::string display_name;
  std::string role;
  base::MemberId leader;  // none at the top
  int depth = 0;          // -1 for one who has left
  int slot = 0;           // 0 at the top
  std::optional<MemberPlace> home;
  int team_size = 0;
  std::optional<absl::Time> leave_time;  // set for one who has left
};

struct NewMember {
  std::string display_name;
  std::string role;
  base::MemberId leader;
  std::optional<std::string> home_ewkb;  // Point, SRID 4326
  base::Uuid request;
};
// On the lowest free slot of the leader's team; nothing where no slot is free or the leader does not lead (any more).
absl::StatusOr<std::optional<base::MemberId>> InsertMember(Transaction& transaction, const NewMember& member);
absl::StatusOr<std::optional<base::MemberId>> FindMemberByRequest(Transaction& transaction, const base::Uuid& request);

// NOT_FOUND naming `field`.
absl::StatusOr<MemberRow> FindMember(Transaction& transaction, base::MemberId member, std::string_view field);
// The one member of the campaign without a leader.
absl::StatusOr<base::MemberId> FindTopMember(Transaction& transaction);

struct MemberPage {
  base::MemberId branch;  // only from this member downwards; none: everyone
  base::MemberId leader;  // only the direct members of this one; none: all
  std::string role;       // only this role; empty: all
  int64_t after = 0;      // ids above this
  int limit = 0;
};
// In order of id; without those who have left.
absl::StatusOr<std::vector<MemberRow>> ListMembers(Transaction& transaction, const MemberPage& page);

// Whether the status says that another transaction changed the tree at the same time: try again.
bool ClashedOnTree(const absl::Status& status);

}  // namespace snowfield::db
