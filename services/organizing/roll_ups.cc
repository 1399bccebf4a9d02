#include "services/organizing/roll_ups.h"

#include <vector>

#include "base/status.h"
#include "services/organizing/branch_rights.h"
#include "services/rpc/timestamp.h"

namespace snowfield::organizing {
namespace {

void ToMessage(const db::TallyRow& row, v1::BranchTally& message) {
  message.set_member_id(row.member.value);
  message.set_display_name(row.display_name);
  organizing::ToMessage(row.own, *message.mutable_own());
  organizing::ToMessage(row.branch, *message.mutable_branch());
}

}  // namespace

void ToMessage(const db::Tally& tally, v1::Tally& message) {
  message.set_members(tally.members);
  message.set_leaders(tally.leaders);
  message.set_doors(tally.doors);
  message.set_contacts(tally.contacts);
  message.set_supporters_identified(tally.supporters);
  message.set_volunteers_recruited(tally.volunteers);
  message.set_follow_ups_overdue(tally.overdue);
}

absl::StatusOr<v1::GetRollUpResponse> GetRollUp(db::Transaction& transaction, const access::Caller& caller,
                                                const v1::GetRollUpRequest& request) {
  const base::MemberId member = request.member_id() == 0 ? caller.member : base::MemberId(request.member_id());
  SNOWFIELD_ASSIGN_OR_RETURN(const std::vector<db::TallyRow> rows, db::ReadTallies(transaction, member));
  if (rows.empty()) return base::NoSuch("member_id", "this campaign has no such member: list its members");
  SNOWFIELD_RETURN_IF_ERROR(CheckInBranch(transaction, caller, member, "member_id"));
  v1::GetRollUpResponse response;
  ToMessage(rows[0], *response.mutable_top());
  for (size_t i = 1; i < rows.size(); ++i) ToMessage(rows[i], *response.add_team());
  SNOWFIELD_ASSIGN_OR_RETURN(const auto time, db::TallyTime(transaction));
  if (time.has_value()) *response.mutable_as_of_time() = rpc::ToTimestamp(*time);
  return response;
}

}  // namespace snowfield::organizing
