#include "services/organizing/leader_home.h"

#include <sodium.h>

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/escaping.h"
#include "base/status.h"
#include "db/store/growth_store.h"
#include "db/store/home_store.h"
#include "db/store/meeting_store.h"
#include "db/store/proposal_store.h"
#include "db/store/tally_store.h"
#include "services/organizing/branch_rights.h"
#include "services/organizing/proposals.h"
#include "services/organizing/roll_ups.h"
#include "services/rpc/timestamp.h"

namespace snowfield::organizing {
namespace {

constexpr size_t kEtagBytes = 12;

// The same for the same content.
std::string EtagOf(const v1::LeaderHome& home) {
  const std::string bytes = home.SerializeAsString();
  unsigned char hash[crypto_hash_sha256_BYTES];
  crypto_hash_sha256(hash, reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size());
  return absl::WebSafeBase64Escape(absl::string_view(reinterpret_cast<const char*>(hash), kEtagBytes));
}

absl::Status WriteTeam(db::Transaction& transaction, base::MemberId leader, absl::Time now, v1::LeaderHome& home) {
  const db::TeamView view{
      .recent_after_day = absl::FormatTime("%F", now - absl::Hours(24 * kHomeRecentDays), absl::UTCTimeZone()),
      .name_characters_max = kHomeNameCharactersMax};
  SNOWFIELD_ASSIGN_OR_RETURN(const auto team, db::ReadTeammates(transaction, leader, view));
  for (const db::TeammateRow& row : team) {
    v1::Teammate& mate = *home.add_team();
    SNOWFIELD_ASSIGN_OR_RETURN(const access::v1::Role role, access::RoleFromName(row.role));
    mate.set_member_id(row.member.value);
    mate.set_display_name(row.display_name);
    mate.set_role(role);
    mate.set_team_size(static_cast<int32_t>(row.team_size));
    mate.set_recent_doors(static_cast<int32_t>(row.recent_doors));
    mate.set_recent_contacts(static_cast<int32_t>(row.recent_contacts));
    if (!row.shift_day.has_value()) continue;
    mate.mutable_last_shift()->set_day(*row.shift_day);
    mate.mutable_last_shift()->set_doors(static_cast<int32_t>(row.shift_doors));
    mate.mutable_last_shift()->set_contacts(static_cast<int32_t>(row.shift_contacts));
    mate.mutable_last_shift()->set_minutes(static_cast<int32_t>(row.shift_minutes));
  }
  return absl::OkStatus();
}

absl::Status WriteWork(db::Transaction& transaction, base::MemberId owner, absl::Time now, v1::Work& message) {
  SNOWFIELD_ASSIGN_OR_RETURN(
      const db::WorkView work,
      db::ReadWork(transaction, owner, {.now = now, .soon = now + kHomeDueSoon, .next_max = kHomeNextWorkMax}));
  message.set_open(static_cast<int32_t>(work.open));
  message.set_overdue(static_cast<int32_t>(work.overdue));
  message.set_due_soon(static_cast<int32_t>(work.due_soon));
  for (const db::WorkNextRow& row : work.next) {
    v1::WorkItem& item = *message.add_next();
    item.set_follow_up_id(row.follow_up.value);
    item.set_queue(row.queue);
    *item.mutable_due_time() = rpc::ToTimestamp(row.due_time);
  }
  return absl::OkStatus();
}

absl::Status WriteLists(db::Transaction& transaction, base::MemberId leader, absl::Time now, v1::LeaderHome& home) {
  SNOWFIELD_ASSIGN_OR_RETURN(const db::HeldLists held, db::ReadHeldLists(transaction, leader, now, kHomeListsMax));
  home.set_list_count(static_cast<int32_t>(held.count));
  for (const db::HeldListRow& row : held.lists) {
    v1::HeldList& list = *home.add_lists();
    list.set_list_number(row.list_number);
    list.set_turf_number(row.turf_number);
    list.set_doors(static_cast<int32_t>(row.doors));
    list.set_doors_done(static_cast<int32_t>(row.doors_done));
    list.set_phones_out(static_cast<int32_t>(row.phones_out));
  }
  return absl::OkStatus();
}

absl::Status WriteGrowth(db::Transaction& transaction, base::MemberId leader, absl::Time now, v1::LeaderHome& home) {
  SNOWFIELD_ASSIGN_OR_RETURN(const auto proposals, db::ListProposalsOfTeam(transaction, leader, kHomeProposalsMax));
  for (const db::OpenProposalRow& row : proposals) {
    v1::OpenProposal& proposal = *home.add_proposals();
    proposal.set_proposal_id(row.proposal.value);
    proposal.set_kind(ProposalKindOf(row.kind));
    proposal.set_subject_id(row.subject.value);
  }
  SNOWFIELD_ASSIGN_OR_RETURN(const auto expiring, db::ListExpiringTrainings(transaction, leader,
                                                                            {.from = now - kHomeExpiryWindow,
                                                                             .until = now + kHomeExpiryWindow,
                                                                             .count_max = kHomeTrainingsMax}));
  for (const db::ExpiringRow& row : expiring) {
    v1::ExpiringTraining& training = *home.add_expiring_trainings();
    training.set_member_id(row.member.value);
    training.set_module(row.module);
    *training.mutable_expire_time() = rpc::ToTimestamp(row.expire_time);
  }
  return absl::OkStatus();
}

absl::Status WriteNextMeeting(db::Transaction& transaction, base::MemberId leader, absl::Time now,
                              v1::LeaderHome& home) {
  SNOWFIELD_ASSIGN_OR_RETURN(const auto next, db::FindNextMeeting(transaction, leader, now));
  if (!next.has_value()) return absl::OkStatus();
  v1::NextMeeting& meeting = *home.mutable_next_meeting();
  meeting.set_meeting_id(next->meeting.value);
  meeting.set_title(next->title);
  *meeting.mutable_start_time() = rpc::ToTimestamp(next->start_time);
  meeting.set_time_zone(next->time_zone);
  meeting.set_capacity(next->capacity);
  meeting.set_coming(static_cast<int32_t>(next->coming));
  meeting.set_waiting(static_cast<int32_t>(next->waiting));
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<v1::GetLeaderHomeResponse> GetLeaderHome(db::Transaction& transaction, const access::Caller& caller,
                                                        const v1::GetLeaderHomeRequest& request, absl::Time now) {
  const base::MemberId member = request.member_id() == 0 ? caller.member : base::MemberId(request.member_id());
  SNOWFIELD_ASSIGN_OR_RETURN(const auto tally, db::ReadTally(transaction, member));
  if (!tally.has_value()) return base::NoSuch("member_id", "this campaign has no such member: list its members");
  SNOWFIELD_RETURN_IF_ERROR(CheckInBranch(transaction, caller, member, "member_id"));
  v1::LeaderHome home;
  home.set_member_id(member.value);
  ToMessage(tally->branch, *home.mutable_branch());
  SNOWFIELD_RETURN_IF_ERROR(WriteTeam(transaction, member, now, home));
  SNOWFIELD_RETURN_IF_ERROR(WriteWork(transaction, member, now, *home.mutable_work()));
  SNOWFIELD_RETURN_IF_ERROR(WriteLists(transaction, member, now, home));
  SNOWFIELD_RETURN_IF_ERROR(WriteGrowth(transaction, member, now, home));
  SNOWFIELD_RETURN_IF_ERROR(WriteNextMeeting(transaction, member, now, home));
  v1::GetLeaderHomeResponse response;
  response.set_etag(EtagOf(home));
  if (response.etag() == request.if_none_match()) {
    response.set_not_modified(true);
  } else {
    *response.mutable_home() = std::move(home);
  }
  return response;
}

}  // namespace snowfield::organizing
