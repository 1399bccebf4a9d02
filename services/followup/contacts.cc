#include "services/followup/contacts.h"

#include <vector>

#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "db/store/audit_store.h"
#include "db/store/contact_store.h"
#include "services/access/scope.h"
#include "services/rpc/paging.h"
#include "services/rpc/timestamp.h"

namespace snowfield::followup {
namespace {
constexpr char kHeldBack[] = "held_back";
constexpr int kMinutesOfDay = 24 * 60;

v1::ContactLimits ToMessage(const db::ContactLimits& limits) {
  v1::ContactLimits message;
  message.set_person_max(limits.person_max);
  message.set_person_days(limits.person_days);
  message.set_household_max(limits.household_max);
  message.set_household_days(limits.household_days);
  message.set_quiet_from(limits.quiet_from.value_or(0));
  message.set_quiet_until(limits.quiet_until.value_or(0));
  return message;
}

absl::Status CheckRange(int value, int max, const char* field) {
  if (value >= 1 && value <= max) return absl::OkStatus();
  return base::InvalidField(field, "LIMIT_OUT_OF_RANGE", absl::StrCat("send 1 to ", max));
}

absl::StatusOr<db::ContactLimits> ReadLimits(const v1::SetContactLimitsRequest& request) {
  if (!request.has_limits()) return base::InvalidField("limits", "LIMITS_MISSING", "send all limits");
  const v1::ContactLimits& limits = request.limits();
  SNOWFIELD_RETURN_IF_ERROR(CheckRange(limits.person_max(), kContactsMax, "limits.person_max"));
  SNOWFIELD_RETURN_IF_ERROR(CheckRange(limits.person_days(), kContactDaysMax, "limits.person_days"));
  SNOWFIELD_RETURN_IF_ERROR(CheckRange(limits.household_max(), kContactsMax, "limits.household_max"));
  SNOWFIELD_RETURN_IF_ERROR(CheckRange(limits.household_days(), kContactDaysMax, "limits.household_days"));
  db::ContactLimits read{.person_max = limits.person_max(),
                         .person_days = limits.person_days(),
                         .household_max = limits.household_max(),
                         .household_days = limits.household_days(),
                         .quiet_from = {},
                         .quiet_until = {}};
  for (const int minute : {limits.quiet_from(), limits.quiet_until()}) {
    if (minute < 0 || minute >= kMinutesOfDay) {
      return base::InvalidField("limits.quiet_from", "QUIET_HOURS_OUT_OF_RANGE", "minutes of the day: 0 to 1439");
    }
  }
  if (limits.quiet_from() == limits.quiet_until()) return read;
  read.quiet_from = limits.quiet_from();
  read.quiet_until = limits.quiet_until();
  return read;
}

}  // namespace

absl::StatusOr<v1::GetContactLimitsResponse> GetLimits(db::Transaction& transaction, absl::Time now) {
  SNOWFIELD_ASSIGN_OR_RETURN(const db::LimitsNow found, db::FindContactLimits(transaction, now));
  v1::GetContactLimitsResponse response;
  *response.mutable_limits() = ToMessage(found.limits);
  if (found.quiet_until.has_value()) *response.mutable_quiet_until_time() = rpc::ToTimestamp(*found.quiet_until);
  return response;
}

absl::StatusOr<v1::SetContactLimitsResponse> SetLimits(db::Transaction& transaction, const access::Caller& caller,
                                                       const v1::SetContactLimitsRequest& request) {
  SNOWFIELD_ASSIGN_OR_RETURN(const db::ContactLimits limits, ReadLimits(request));
  SNOWFIELD_RETURN_IF_ERROR(db::SetContactLimits(transaction, limits));
  SNOWFIELD_RETURN_IF_ERROR(db::WriteAudit(transaction, {.member = caller.member,
                                                         .action = "contact_limits.set",
                                                         .subject_kind = "campaign",
                                                         .subject_id = transaction.campaign().value}));
  v1::SetContactLimitsResponse response;
  *response.mutable_limits() = ToMessage(limits);
  return response;
}

absl::StatusOr<v1::ListHeldBackResponse> ListHeld(db::Transaction& transaction, const access::Caller& caller,
                                                  const v1::ListHeldBackRequest& request, absl::Time now) {
  SNOWFIELD_ASSIGN_OR_RETURN(const rpc::Page page, rpc::ReadPage(kHeldBack, request.page_size(), request.page_token()));
  SNOWFIELD_ASSIGN_OR_RETURN(
      const std::vector<db::HeldFollowUp> held,
      db::ListHeldFollowUps(
          transaction,
          {.root = access::BranchRoot(caller), .now = now, .after = page.after, .count_max = page.size + 1}));
  v1::ListHeldBackResponse response;
  for (const db::HeldFollowUp& one : held) {
    if (response.held_back_size() == page.size) {
      response.set_next_page_token(rpc::NextPageToken(kHeldBack, response.held_back(page.size - 1).follow_up_id()));
      break;
    }
    v1::HeldBack& message = *response.add_held_back();
    message.set_follow_up_id(one.follow_up.value);
    message.set_queue(one.queue);
    message.set_owner_id(one.owner.value);
    message.set_door_id(one.door.value);
    message.set_person_id(one.person.value);
    *message.mutable_due_time() = rpc::ToTimestamp(one.due_time);
    *message.mutable_until_time() = rpc::ToTimestamp(one.until);
    message.set_reason(one.reason);
  }
  return response;
}

absl::StatusOr<v1::GetAskBalanceResponse> Balance(db::Transaction& transaction, const access::Caller& caller,
                                                  const v1::GetAskBalanceRequest& request, absl::Time now) {
  if (request.days() < 0 || request.days() > kContactDaysMax) {
    return base::InvalidField("days", "DAYS_OUT_OF_RANGE",
                              absl::StrCat("send 1 to ", kContactDaysMax, ", or 0 for ", kBalanceDaysDefault));
  }
  const int days = request.days() == 0 ? kBalanceDaysDefault : request.days();
  const base::MemberId member = request.member_id() == 0 ? caller.member : base::MemberId(request.member_id());
  SNOWFIELD_RETURN_IF_ERROR(access::CheckInScope(transaction, caller, member, "member_id"));
  SNOWFIELD_ASSIGN_OR_RETURN(const std::vector<db::AsksAndBonds> sums,
                             db::SumAsksAndBonds(transaction, member, now - absl::Hours(24) * days));
  v1::GetAskBalanceResponse response;
  for (const db::AsksAndBonds& sum : sums) {
    v1::AskBalance& message = *response.add_branches();
    message.set_member_id(sum.member.value);
    message.set_display_name(sum.display_name);
    message.set_asks(sum.asks);
    message.set_second_conversations(sum.second_conversations);
    message.set_calls(sum.calls);
    message.set_came_to_meetings(sum.came_to_meetings);
    message.set_trainings(sum.trainings);
    const int64_t bonds = sum.second_conversations + sum.calls + sum.came_to_meetings + sum.trainings;
    if (bonds + sum.asks > 0) {
      message.set_bond_share(static_cast<double>(bonds) / static_cast<double>(bonds + sum.asks));
    }
  }
  return response;
}

}  // namespace snowfield::followup
