#include "services/territory/voted.h"

#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/civil_time.h"
#include "base/status.h"
#include "db/pg/run_in_transaction.h"
#include "db/store/audit_store.h"
#include "db/store/change_store.h"
#include "db/store/person_store.h"
#include "services/territory/row_text.h"

namespace snowfield::territory {
namespace {

absl::StatusOr<std::vector<db::Voted>> ReadPeople(const v1::MarkVotedRequest& request) {
  if (request.people().empty() || request.people_size() > kVotedMax) {
    return base::InvalidField("people", "BATCH_TOO_LARGE",
                              absl::StrCat("send 1 to ", kVotedMax, " people in one message"));
  }
  std::vector<db::Voted> people;
  std::set<std::string> seen;
  for (int i = 0; i < request.people_size(); ++i) {
    const v1::VotedPerson& person = request.people(i);
    const std::string field = absl::StrCat("people[", i, "].");
    SNOWFIELD_RETURN_IF_ERROR(CheckTexts({{field + "external_id", person.external_id(), kExternalIdBytesMax}}));
    if (person.external_id().empty() || !seen.insert(person.external_id()).second) {
      return base::InvalidField(field + "external_id", "EXTERNAL_ID_MISSING", "send each id of the voter file once");
    }
    absl::CivilDay day;
    if (!person.day().empty() && !absl::ParseCivilTime(person.day(), &day)) {
      return base::InvalidField(field + "day", "DAY_INVALID", "send the day as 2026-11-03, or nothing");
    }
    people.push_back(
        {.external_id = person.external_id(), .day = person.day().empty() ? "" : absl::FormatCivilTime(day)});
  }
  return people;
}

absl::StatusOr<v1::MarkVotedResponse> Mark(db::Transaction& transaction, const access::Call& call,
                                           const std::vector<db::Voted>& people, absl::Time now) {
  SNOWFIELD_ASSIGN_OR_RETURN(const std::vector<db::VotedFound> found,
                             db::MarkVoted(transaction, people, call.caller.member, now));
  std::set<int> known, news;
  std::vector<base::DoorId> doors;
  for (const db::VotedFound& one : found) {
    known.insert(one.place);
    if (!one.is_news) continue;
    news.insert(one.place);
    if (one.door) doors.push_back(one.door);
  }
  v1::MarkVotedResponse response;
  response.set_marked(static_cast<int>(news.size()));
  response.set_unchanged(static_cast<int>(known.size() - news.size()));
  for (int i = 0; i < static_cast<int>(people.size()); ++i) {
    if (!known.contains(i)) response.add_unknown(i);
  }
  if (news.empty()) return response;
  SNOWFIELD_RETURN_IF_ERROR(
      db::WriteAudit(transaction, {.member = call.caller.member,
                                   .action = "person.voted",
                                   .subject_kind = "people",
                                   .detail_json = absl::StrCat("{\"marked\": ", response.marked(), "}")}));
  // Last, as it holds the row that numbers the campaign's changes.
  SNOWFIELD_RETURN_IF_ERROR(db::WriteListsOfDoorsChanged(transaction, doors, now));
  return response;
}

}  // namespace

absl::StatusOr<v1::MarkVotedResponse> MarkVoted(db::Pool& pool, const access::Call& call,
                                                const v1::MarkVotedRequest& request, absl::Time now) {
  SNOWFIELD_ASSIGN_OR_RETURN(const std::vector<db::Voted> people, ReadPeople(request));
  return db::RunInTransaction(pool, call.Scope(),
                              [&](db::Transaction& transaction) { return Mark(transaction, call, people, now); });
}

}  // namespace snowfield::territory
