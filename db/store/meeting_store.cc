#include "db/store/meeting_store.h"

#include <utility>

#include "base/status.h"
#include "db/queries/meeting_queries.h"

namespace snowfield::db {
namespace {

Params Campaign(const Transaction& transaction) { return Params().Id(transaction.campaign()); }

MeetingRow ReadMeeting(const Row& row) {
  return {.meeting = row.Id<MeetingId>(0),
          .kind = std::string(row.Text(1)),
          .title = std::string(row.Text(2)),
          .host = row.Id<base::MemberId>(3),
          .place = std::string(row.Text(4)),
          .start_time = row.Time(5),
          .end_time = row.Time(6),
          .time_zone = std::string(row.Text(7)),
          .capacity = row.Int32(8),
          .module = std::string(row.Text(9)),
          .state = std::string(row.Text(10)),
          .sequence = row.Int32(11),
          .update_time = row.Time(12),
          .coming = row.Int64(13),
          .waiting = row.Int64(14)};
}

template <typename IdType>
absl::StatusOr<std::vector<IdType>> IdsOf(absl::StatusOr<Result> result) {
  if (!result.ok()) return result.status();
  std::vector<IdType> ids;
  for (const Row& row : *result) ids.push_back(row.Id<IdType>(0));
  return ids;
}

absl::StatusOr<int> Affected(absl::StatusOr<Result> result) {
  if (!result.ok()) return result.status();
  return static_cast<int>(result->affected_row_count());
}

absl::Status GivePlacesOfAll(Transaction& transaction, const std::vector<MeetingId>& meetings) {
  for (const MeetingId meeting : meetings) SNOWFIELD_RETURN_IF_ERROR(GivePlaces(transaction, meeting));
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<MeetingId> InsertMeeting(Transaction& transaction, const MeetingRow& meeting,
                                        const base::Uuid& request) {
  SNOWFIELD_ASSIGN_OR_RETURN(const Result result,
                             transaction.Run(queries::kInsertMeeting, Campaign(transaction)
                                                                          .Text(meeting.kind)
                                                                          .Text(meeting.title)
                                                                          .Id(meeting.host)
                                                                          .Text(meeting.place)
                                                                          .Time(meeting.start_time)
                                                                          .Time(meeting.end_time)
                                                                          .Text(meeting.time_zone)
                                                                          .Int32(meeting.capacity)
                                                                          .Text(meeting.module)
                                                                          .Time(meeting.update_time)
                                                                          .Uuid(request)));
  return result[0].Id<MeetingId>(0);
}

absl::StatusOr<std::optional<MeetingId>> FindMeetingByRequest(Transaction& transaction, const base::Uuid& request) {
  SNOWFIELD_ASSIGN_OR_RETURN(const auto found, IdsOf<MeetingId>(transaction.Run(queries::kFindMeetingByRequest,
                                                                                Campaign(transaction).Uuid(request))));
  if (found.empty()) return std::nullopt;
  return found[0];
}

absl::Status UpdateMeeting(Transaction& transaction, const MeetingRow& meeting, bool cancel) {
  return transaction
      .Run(queries::kUpdateMeeting, Campaign(transaction)
                                        .Id(meeting.meeting)
                                        .Text(meeting.title)
                                        .Id(meeting.host)
                                        .Text(meeting.place)
                                        .Time(meeting.start_time)
                                        .Time(meeting.end_time)
                                        .Text(meeting.time_zone)
                                        .Int32(meeting.capacity)
                                        .Bool(cancel)
                                        .Time(meeting.update_time))
      .status();
}

absl::StatusOr<MeetingRow> FindMeeting(Transaction& transaction, MeetingId meeting) {
  SNOWFIELD_ASSIGN_OR_RETURN(const Result result,
                             transaction.Run(queries::kFindMeeting, Campaign(transaction).Id(meeting)));
  if (result.empty()) return base::NoSuch("meeting_id", "this campaign has no such meeting: list them");
  return ReadMeeting(result[0]);
}

absl::Status LockMeeting(Transaction& transaction, MeetingId meeting) {
  return transaction.Run(queries::kLockMeeting, Campaign(transaction).Id(meeting)).status();
}

absl::StatusOr<std::vector<MeetingRow>> ListMeetings(Transaction& transaction, const MeetingPage& page) {
  SNOWFIELD_ASSIGN_OR_RETURN(const Result result, transaction.Run(queries::kListMeetings, Campaign(transaction)
                                                                                              .Id(page.member)
                                                                                              .Time(page.not_over_at)
                                                                                              .Time(page.after_start)
                                                                                              .Int64(page.after)
                                                                                              .Int32(page.count_max)));
  std::vector<MeetingRow> meetings;
  for (const Row& row : result) meetings.push_back(ReadMeeting(row));
  return meetings;
}

absl::StatusOr<std::vector<GuestRow>> ListGuests(Transaction& transaction, MeetingId meeting, int64_t after,
                                                 int count_max) {
  SNOWFIELD_ASSIGN_OR_RETURN(
      const Result result,
      transaction.Run(queries::kListGuests, Campaign(transaction).Id(meeting).Int64(after).Int32(count_max)));
  std::vector<GuestRow> guests;
  for (const Row& row : result) {
    guests.push_back({.guest = row.Id<GuestId>(0),
                      .member = row.Id<base::MemberId>(1),
                      .person = row.Id<base::PersonId>(2),
                      .display_name = std::string(row.Text(3)),
                      .answer = std::string(row.Text(4)),
                      .place = row.Int32(5),
                      .attended = row.OptionalBool(6)});
  }
  return guests;
}

absl::StatusOr<bool> IsGuest(Transaction& transaction, MeetingId meeting, base::MemberId member) {
  SNOWFIELD_ASSIGN_OR_RETURN(const Result result,
                             transaction.Run(queries::kIsGuest, Campaign(transaction).Id(meeting).Id(member)));
  return result[0].Bool(0);
}

absl::StatusOr<int> InviteMembers(Transaction& transaction, MeetingId meeting,
                                  const std::vector<base::MemberId>& members) {
  return Affected(transaction.Run(queries::kInviteMembers, Campaign(transaction).Id(meeting).Ids(members)));
}

absl::StatusOr<int> InvitePeople(Transaction& transaction, MeetingId meeting,
                                 const std::vector<base::PersonId>& people) {
  return Affected(transaction.Run(queries::kInvitePeople, Campaign(transaction).Id(meeting).Ids(people)));
}

absl::StatusOr<std::vector<base::PersonId>> PeopleToInvite(Transaction& transaction,
                                                           const std::vector<base::PersonId>& people) {
  return IdsOf<base::PersonId>(transaction.Run(queries::kPeopleToInvite, Campaign(transaction).Ids(people)));
}

absl::StatusOr<std::optional<GuestId>> AnswerInvitation(Transaction& transaction, const InvitationAnswer& answer) {
  SNOWFIELD_ASSIGN_OR_RETURN(const auto guests,
                             IdsOf<GuestId>(transaction.Run(queries::kAnswerInvitation, Campaign(transaction)
                                                                                            .Id(answer.meeting)
                                                                                            .Id(answer.member)
                                                                                            .Id(answer.person)
                                                                                            .Text(answer.answer)
                                                                                            .Time(answer.time)
                                                                                            .Id(answer.follow_up))));
  if (guests.empty()) return std::nullopt;
  SNOWFIELD_RETURN_IF_ERROR(GivePlaces(transaction, answer.meeting));
  return guests[0];
}

absl::Status GivePlaces(Transaction& transaction, MeetingId meeting) {
  return transaction.Run(queries::kGivePlaces, Campaign(transaction).Id(meeting)).status();
}

absl::StatusOr<std::vector<MeetingId>> FindMeetings(Transaction& transaction, const std::vector<MeetingId>& meetings) {
  if (meetings.empty()) return std::vector<MeetingId>();
  return IdsOf<MeetingId>(transaction.Run(queries::kFindMeetings, Campaign(transaction).Ids(meetings)));
}

absl::Status AnswerAtDoors(Transaction& transaction, const std::vector<base::Uuid>& knocks) {
  if (knocks.empty()) return absl::OkStatus();
  const auto of_knocks = [&] { return Campaign(transaction).Uuids(knocks); };
  SNOWFIELD_ASSIGN_OR_RETURN(const auto meetings,
                             IdsOf<MeetingId>(transaction.Run(queries::kLockMeetingsOfKnocks, of_knocks())));
  if (meetings.empty()) return absl::OkStatus();
  SNOWFIELD_RETURN_IF_ERROR(transaction.Run(queries::kAnswerAtDoors, of_knocks()).status());
  return GivePlacesOfAll(transaction, meetings);
}

absl::Status UninvitePeople(Transaction& transaction, const std::vector<base::PersonId>& people) {
  if (people.empty()) return absl::OkStatus();
  SNOWFIELD_ASSIGN_OR_RETURN(const auto meetings, IdsOf<MeetingId>(transaction.Run(queries::kLockMeetingsToComeOfPeople,
                                                                                   Campaign(transaction).Ids(people))));
  SNOWFIELD_RETURN_IF_ERROR(
      transaction.Run(queries::kUninvitePeople, Campaign(transaction).Ids(meetings).Ids(people)).status());
  return GivePlacesOfAll(transaction, meetings);
}

absl::Status UninviteNotToContact(Transaction& transaction, const std::vector<base::Uuid>& knocks) {
  if (knocks.empty()) return absl::OkStatus();
  SNOWFIELD_ASSIGN_OR_RETURN(
      const auto people,
      IdsOf<base::PersonId>(transaction.Run(queries::kPeopleNotToContactAt, Campaign(transaction).Uuids(knocks))));
  return UninvitePeople(transaction, people);
}

absl::Status LeaveMeetings(Transaction& transaction, base::MemberId member, base::MemberId heir, absl::Time now) {
  SNOWFIELD_RETURN_IF_ERROR(
      transaction.Run(queries::kHandOverMeetings, Campaign(transaction).Id(member).Id(heir).Time(now)).status());
  SNOWFIELD_ASSIGN_OR_RETURN(const auto meetings, IdsOf<MeetingId>(transaction.Run(queries::kLockMeetingsToComeOfMember,
                                                                                   Campaign(transaction).Id(member))));
  SNOWFIELD_RETURN_IF_ERROR(
      transaction.Run(queries::kUninviteMember, Campaign(transaction).Ids(meetings).Id(member)).status());
  return GivePlacesOfAll(transaction, meetings);
}

absl::StatusOr<std::vector<MeetingOffer>> MeetingsToOffer(Transaction& transaction, base::WalkListId walk_list,
                                                          absl::Time now, int count_max) {
  SNOWFIELD_ASSIGN_OR_RETURN(
      const Result result,
      transaction.Run(queries::kMeetingsToOffer, Campaign(transaction).Id(walk_list).Time(now).Int64(count_max)));
  std::vector<MeetingOffer> offers;
  for (const Row row : result) {
    offers.push_back({.meeting = row.Id<MeetingId>(0),
                      .title = std::string(row.Text(1)),
                      .place = std::string(row.Text(2)),
                      .start_time = row.Time(3),
                      .time_zone = std::string(row.Text(4)),
                      .free_places = row.Int64(5)});
  }
  return offers;
}

absl::Status TakeAttendance(Transaction& transaction, MeetingId meeting, const std::vector<GuestId>& came) {
  SNOWFIELD_RETURN_IF_ERROR(
      transaction.Run(queries::kTakeAttendance, Campaign(transaction).Id(meeting).Ids(came)).status());
  return transaction.Run(queries::kHoldMeeting, Campaign(transaction).Id(meeting)).status();
}

absl::StatusOr<std::vector<base::MemberId>> MembersWhoCame(Transaction& transaction, MeetingId meeting) {
  return IdsOf<base::MemberId>(transaction.Run(queries::kMembersWhoCame, Campaign(transaction).Id(meeting)));
}

absl::StatusOr<std::optional<NextMeeting>> FindNextMeeting(Transaction& transaction, base::MemberId member,
                                                           absl::Time now) {
  SNOWFIELD_ASSIGN_OR_RETURN(const Result result,
                             transaction.Run(queries::kNextMeeting, Campaign(transaction).Id(member).Time(now)));
  if (result.empty()) return std::nullopt;
  const Row row = result[0];
  return NextMeeting{.meeting = row.Id<MeetingId>(0),
                     .title = std::string(row.Text(1)),
                     .start_time = row.Time(2),
                     .time_zone = std::string(row.Text(3)),
                     .capacity = row.Int32(4),
                     .coming = row.Int64(5),
                     .waiting = row.Int64(6)};
}

}  // namespace snowfield::db
