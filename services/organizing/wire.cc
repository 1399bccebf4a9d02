#include "services/organizing/wire.h"

#include "base/status.h"
#include "services/access/caller.h"
#include "services/rpc/timestamp.h"

namespace snowfield::organizing {

absl::Status ToMessage(const db::MemberRow& row, v1::Member& member) {
  SNOWFIELD_ASSIGN_OR_RETURN(const access::v1::Role role, access::RoleFromName(row.role));
  member.set_member_id(row.id.value);
  member.set_display_name(row.display_name);
  member.set_role(role);
  member.set_leader_id(row.leader.value);
  member.set_depth(row.depth);
  member.set_slot(row.slot);
  member.set_team_size(row.team_size);
  if (row.home.has_value()) {
    member.mutable_home()->set_longitude(row.home->longitude_deg);
    member.mutable_home()->set_latitude(row.home->latitude_deg);
  }
  if (row.leave_time.has_value()) *member.mutable_leave_time() = rpc::ToTimestamp(*row.leave_time);
  return absl::OkStatus();
}

void ToMessage(const TreeChange& change, v1::TreeChange& message) {
  for (const Placement& placement : change.placements) {
    v1::Placement& out = *message.add_placements();
    out.set_member_id(placement.member.value);
    out.set_from_leader_id(placement.from_leader.value);
    out.set_to_leader_id(placement.to_leader.value);
  }
  for (const base::MemberId orphan : change.orphans) message.add_orphan_ids(orphan.value);
  if (change.handover.has_value()) {
    message.mutable_handover()->set_from_member_id(change.handover->from.value);
    message.mutable_handover()->set_to_member_id(change.handover->to.value);
    message.mutable_handover()->set_walk_lists(change.handover->holdings.walk_lists);
    message.mutable_handover()->set_follow_ups(change.handover->holdings.follow_ups);
  }
}

}  // namespace snowfield::organizing
