#include "services/paper/file/delivery.h"

#include <optional>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/time/civil_time.h"
#include "base/status.h"
#include "db/store/audit_store.h"
#include "services/access/scope.h"
#include "services/paper/batches.h"
#include "services/paper/named_id.h"

namespace snowfield::paper {
namespace {

std::optional<absl::CivilMinute> MinuteOf(absl::string_view text) {
  absl::Time time;
  std::string error;
  for (const char* form : {"%Y-%m-%d %H:%M", "%Y-%m-%d"}) {
    if (absl::ParseTime(form, text, absl::UTCTimeZone(), &time, &error)) {
      return absl::ToCivilMinute(time, absl::UTCTimeZone());
    }
  }
  return std::nullopt;
}

}  // namespace

absl::StatusOr<absl::Time> ReadWalked(db::Transaction& transaction, std::string_view cell, absl::Time now) {
  const std::optional<absl::CivilMinute> minute = MinuteOf(base::ToAbsl(cell));
  if (minute.has_value()) {
    SNOWFIELD_ASSIGN_OR_RETURN(const absl::Time time, db::CampaignTime(transaction, *minute));
    if (time <= now) return time;
  }
  return base::InvalidField("walked", "WALK_TIME_INVALID",
                            "write the day of the walk, or when it began, as 2026-11-25 17:30: it is past");
}

absl::StatusOr<base::MemberId> ReadWalker(db::Transaction& transaction, const access::Caller& caller,
                                          std::string_view cell) {
  int64_t id = 0;
  if (!absl::SimpleAtoi(base::ToAbsl(cell), &id) || id <= 0) {
    return base::InvalidField("walker", "WALKER_INVALID", "write the number of the member who walked");
  }
  SNOWFIELD_RETURN_IF_ERROR(access::CheckInScope(transaction, caller, base::MemberId(id), "walker"));
  return base::MemberId(id);
}

absl::StatusOr<int64_t> Delivery::BatchFor(db::Transaction& transaction, const Clerk& clerk, const Walk& walk) {
  const auto [place, is_new] = newest_.try_emplace(walk);
  db::DeliveryBatch& newest = place->second;
  if (is_new) {
    SNOWFIELD_ASSIGN_OR_RETURN(
        newest, db::NewestDeliveryBatch(transaction, name_, clerk.caller.member, walk.time, walk.walker));
  }
  if (newest.batch_id == 0 || !newest.is_open || newest.pages >= kBatchPagesMax) {
    const base::Uuid request = IdOfName(absl::StrCat("snowfield/delivery/", transaction.campaign().value, "/",
                                                     clerk.caller.member.value, "/", absl::ToUnixMicros(walk.time), "/",
                                                     walk.walker.value, "/", newest.batches, "/", base::ToAbsl(name_)));
    SNOWFIELD_ASSIGN_OR_RETURN(const db::PaperBatch opened,
                               db::OpenPaperBatch(transaction, {.request = request,
                                                                .member = clerk.caller.member,
                                                                .walker = walk.walker,
                                                                .walk_time = walk.time,
                                                                .second_entry = second_entry_,
                                                                .now = clerk.now,
                                                                .delivery = name_}));
    SNOWFIELD_RETURN_IF_ERROR(db::WriteAudit(transaction, {.member = clerk.caller.member,
                                                           .action = "paper.open",
                                                           .subject_kind = kBatchSubject,
                                                           .subject_id = opened.batch_id}));
    newest = {.batch_id = opened.batch_id, .is_open = opened.is_open, .pages = 0, .batches = newest.batches + 1};
  }
  ++newest.pages;
  return newest.batch_id;
}

}  // namespace snowfield::paper
