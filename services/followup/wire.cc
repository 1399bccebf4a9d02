#include "services/followup/wire.h"

#include <array>
#include <utility>

#include "services/rpc/names.h"
#include "services/rpc/timestamp.h"

namespace snowfield::followup {
namespace {

constexpr std::array<std::pair<v1::FollowUpState, std::string_view>, 4> kStates = {
    {{v1::FOLLOW_UP_STATE_OPEN, "open"},
     {v1::FOLLOW_UP_STATE_DONE, "done"},
     {v1::FOLLOW_UP_STATE_DROPPED, "dropped"},
     {v1::FOLLOW_UP_STATE_DEAD, "dead"}}};
constexpr std::array<std::pair<v1::FollowUpOutcome, std::string_view>, 6> kOutcomes = {
    {{v1::FOLLOW_UP_OUTCOME_REACHED, "reached"},
     {v1::FOLLOW_UP_OUTCOME_LEFT_MESSAGE, "left_message"},
     {v1::FOLLOW_UP_OUTCOME_SAID_YES, "said_yes"},
     {v1::FOLLOW_UP_OUTCOME_SAID_NO, "said_no"},
     {v1::FOLLOW_UP_OUTCOME_WRONG_NUMBER, "wrong_number"},
     {v1::FOLLOW_UP_OUTCOME_NOT_NEEDED, "not_needed"}}};

}  // namespace

std::string_view StateName(v1::FollowUpState state) { return rpc::NameIn(kStates, state); }
std::string_view OutcomeName(v1::FollowUpOutcome outcome) { return rpc::NameIn(kOutcomes, outcome); }

void ToMessage(const db::FollowUpRow& row, v1::FollowUp& out) {
  out.set_follow_up_id(row.follow_up.value);
  out.set_queue(row.queue);
  out.set_rule_name(row.rule_name);
  out.set_state(rpc::ValueIn(kStates, row.state));
  out.set_owner_id(row.owner.value);
  *out.mutable_due_time() = rpc::ToTimestamp(row.due_time);
  out.set_knock_id(row.knock.ToString());
  out.set_door_id(row.door.value);
  out.set_person_id(row.person.value);
  out.set_person_name(row.person_name);
  // Nobody is called any more once it has ended.
  if (row.state == "open") out.set_phone_number(row.phone_number);
  out.set_address(row.address);
  out.set_outcome(rpc::ValueIn(kOutcomes, row.outcome));
  out.set_drop_reason(row.drop_reason);
  out.set_level(row.level);
  if (row.snooze_time.has_value()) *out.mutable_snooze_time() = rpc::ToTimestamp(*row.snooze_time);
  out.set_holder_id(row.holder.value);
  if (row.lease_expire_time.has_value()) *out.mutable_lease_expire_time() = rpc::ToTimestamp(*row.lease_expire_time);
}

}  // namespace snowfield::followup
