// Members of the snowflake: who may add and read whom, and how a team fills under concurrency. Moving
// and all other changes of the tree: services/organizing/teams.h.
//
// A caller with the role leader acts within their own branch; staff act in the whole campaign. The database itself
// holds the tree and the team size: here a clash is tried again, and a full team becomes TEAM_FULL. Thread safety: all
// functions from any thread.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "base/ids.h"
#include "base/uuid.h"
#include "db/pg/pool.h"
#include "db/store/member_store.h"
#include "services/access/caller.h"
#include "services/rpc/paging.h"
#include "snowfield/organizing/v1/organizing.pb.h"

namespace snowfield::organizing {

inline constexpr int kMemberNameCharactersMax = 200;
// A CreateMemberRequest whose values are checked.
struct MemberOrder {
  base::Uuid request;
  std::string display_name;
  access::v1::Role role = access::v1::ROLE_UNSPECIFIED;
  base::MemberId leader;  // none: the campaign's top member
  std::optional<std::string> home_ewkb;
};

// INVALID_ARGUMENT naming the field.
absl::StatusOr<MemberOrder> ReadOrder(const v1::CreateMemberRequest& request);

// Adds a member on the lowest free slot. The same request again answers with the member that it made.
// FAILED_PRECONDITION TEAM_FULL, TREE_TOO_DEEP, MEMBER_LEFT; INVALID_ARGUMENT NOT_A_LEADER; PERMISSION_DENIED
// NOT_YOUR_BRANCH, ROLE_ABOVE_YOURS; NOT_FOUND (leader_id).
absl::StatusOr<db::MemberRow> CreateMember(db::Pool& pool, const access::Call& call, const MemberOrder& order);

// PERMISSION_DENIED NOT_YOUR_BRANCH; NOT_FOUND (member_id).
absl::StatusOr<db::MemberRow> GetMember(db::Pool& pool, const access::Call& call, base::MemberId member);

struct MemberFilter {
  base::MemberId leader;  // none: everyone that the caller may see
  access::v1::Role role = access::v1::ROLE_UNSPECIFIED;
};
// One more than the page holds, where there are more.
absl::StatusOr<std::vector<db::MemberRow>> ListMembers(db::Pool& pool, const access::Call& call,
                                                       const MemberFilter& filter, const rpc::Page& page);

}  // namespace snowfield::organizing
