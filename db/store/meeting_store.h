// Meetings and their guests.
//
// Invariants: no more guests have a place than the capacity, whatever runs at once; a guest stands once in a meeting's
// list (db/migrations/0016). Thread safety: as the transaction's.
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

using MeetingId = base::MeetingId;
using GuestId = base::Id<struct GuestTag>;

struct MeetingRow {
  MeetingId meeting;
  std::string kind;  // house_meeting, training, event
  std::string title;
  base::MemberId host;
  std::string place;
  absl::Time start_time;
  absl::Time end_time;
  std::string time_zone;
  int capacity = 0;
  std::string module;  // empty: none
  std::string state;   // planned, held, cancelled
  int sequence = 0;
  absl::Time update_time;
  int64_t coming = 0;
  int64_t waiting = 0;
};
// FAILED_PRECONDITION where host or module is not there, ALREADY_EXISTS (meeting_request_uk) where the request made
// one.
absl::StatusOr<MeetingId> InsertMeeting(Transaction& transaction, const MeetingRow& meeting, const base::Uuid& request);
absl::StatusOr<std::optional<MeetingId>> FindMeetingByRequest(Transaction& transaction, const base::Uuid& request);
// What may change of it. INVALID_ARGUMENT of meeting_guest_place_ck where more have a place than the capacity.
absl::Status UpdateMeeting(Transaction& transaction, const MeetingRow& meeting, bool cancel);
// NOT_FOUND naming "meeting_id".
absl::StatusOr<MeetingRow> FindMeeting(Transaction& transaction, MeetingId meeting);
// Answers to one meeting are one at a time, to the end of the transaction.
absl::Status LockMeeting(Transaction& transaction, MeetingId meeting);

struct MeetingPage {
  base::MemberId member;
  absl::Time not_over_at;
  absl::Time after_start = absl::InfinitePast();
  int64_t after = 0;
  int count_max = 0;
};
// Soonest first.
absl::StatusOr<std::vector<MeetingRow>> ListMeetings(Transaction& transaction, const MeetingPage& page);

struct GuestRow {
  GuestId guest;
  base::MemberId member;
  base::PersonId person;
  std::string display_name;
  std::string answer;  // invited, yes, maybe, no
  int place = 0;       // 0: none
  std::optional<bool> attended;
};
// In order of id, above `after`.
absl::StatusOr<std::vector<GuestRow>> ListGuests(Transaction& transaction, MeetingId meeting, int64_t after,
                                                 int count_max);
absl::StatusOr<bool> IsGuest(Transaction& transaction, MeetingId meeting, base::MemberId member);

// How many are new.
absl::StatusOr<int> InviteMembers(Transaction& transaction, MeetingId meeting,
                                  const std::vector<base::MemberId>& members);
absl::StatusOr<int> InvitePeople(Transaction& transaction, MeetingId meeting,
                                 const std::vector<base::PersonId>& people);
// Which of these exist and may be contacted.
absl::StatusOr<std::vector<base::PersonId>> PeopleToInvite(Transaction& transaction,
                                                           const std::vector<base::PersonId>& people);

struct InvitationAnswer {
  MeetingId meeting;
  base::MemberId member;
  base::PersonId person;
  std::string_view answer;  // yes, maybe, no
  absl::Time time;
  base::FollowUpId follow_up = {};
};
// Within LockMeeting: stores the answer and gives free places to who waits. Nothing where they are no guest.
absl::StatusOr<std::optional<GuestId>> AnswerInvitation(Transaction& transaction, const InvitationAnswer& answer);
absl::Status GivePlaces(Transaction& transaction, MeetingId meeting);

// Which of these there are.
absl::StatusOr<std::vector<MeetingId>> FindMeetings(Transaction& transaction, const std::vector<MeetingId>& meetings);
// What the asks of these knocks say of meetings, and no longer say where a correction or a judgement took them back,
// becomes the answer of those who were asked: the latest that stands, in whatever order the knocks arrive.
absl::Status AnswerAtDoors(Transaction& transaction, const std::vector<base::Uuid>& knocks);
// Who asked to be left alone is no guest of meetings to come, and others get the places. Of these people; or of those
// behind the doors of these knocks who are not to be contacted.
absl::Status UninvitePeople(Transaction& transaction, const std::vector<base::PersonId>& people);
absl::Status UninviteNotToContact(Transaction& transaction, const std::vector<base::Uuid>& knocks);
// One who leaves is no guest of meetings to come; `heir` hosts those that they were to host.
absl::Status LeaveMeetings(Transaction& transaction, base::MemberId member, base::MemberId heir, absl::Time now);

struct MeetingOffer {
  MeetingId meeting;
  std::string title;
  std::string place;
  absl::Time start_time;
  std::string time_zone;
  int64_t free_places = 0;
};
// To come, hosted by the walk list's leader or on their team, soonest first.
absl::StatusOr<std::vector<MeetingOffer>> MeetingsToOffer(Transaction& transaction, base::WalkListId walk_list,
                                                          absl::Time now, int count_max);

absl::Status TakeAttendance(Transaction& transaction, MeetingId meeting, const std::vector<GuestId>& came);
// The members among who came.
absl::StatusOr<std::vector<base::MemberId>> MembersWhoCame(Transaction& transaction, MeetingId meeting);

struct NextMeeting {
  MeetingId meeting;
  std::string title;  // cut
  absl::Time start_time;
  std::string time_zone;
  int capacity = 0;
  int64_t coming = 0;
  int64_t waiting = 0;
};
// Of those that the member hosts, or is invited to and has not declined.
absl::StatusOr<std::optional<NextMeeting>> FindNextMeeting(Transaction& transaction, base::MemberId member,
                                                           absl::Time now);

}  // namespace snowfield::db
