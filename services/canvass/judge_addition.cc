#include "services/canvass/judge_addition.h"

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "db/store/addition_store.h"
#include "db/store/audit_store.h"
#include "db/store/change_store.h"
#include "db/store/cut_store.h"
#include "db/store/knock_store.h"
#include "geo/streets/address.h"
#include "geo/streets/street_name.h"
#include "services/access/scope.h"
#include "services/canvass/knock_check.h"
#include "services/canvass/review.h"
#include "services/rpc/paging.h"
#include "services/rpc/timestamp.h"

namespace snowfield::canvass {
namespace {
constexpr char kAdditions[] = "additions";
constexpr char kAccepted[] = "accepted";
constexpr char kDeclined[] = "declined";

v1::Verdict VerdictOnWire(std::string_view name) {
  if (name == kAccepted) return v1::VERDICT_ACCEPTED;
  return name == kDeclined ? v1::VERDICT_DECLINED : v1::VERDICT_UNSPECIFIED;
}

void Write(const db::AdditionRow& row, v1::ReviewedAddition& out) {
  out.set_addition_id(row.addition.ToString());
  out.set_member_id(row.member.value);
  out.set_phone_id(row.phone.value);
  out.set_list_number(row.list_number);
  out.set_door_id(row.door.value);
  out.set_is_new_door(row.is_new_door);
  v1::FoundDoor& door = *out.mutable_door();
  door.set_house_number(row.place.house_number);
  door.set_street(row.place.street);
  door.set_unit(row.place.unit);
  door.mutable_position()->set_longitude(row.place.longitude_deg);
  door.mutable_position()->set_latitude(row.place.latitude_deg);
  for (size_t i = 0; i < row.people.size(); ++i) {
    v1::AddedPerson& added = *out.add_people();
    added.mutable_person()->set_first_name(row.people[i].first_name);
    added.mutable_person()->set_last_name(row.people[i].last_name);
    added.mutable_person()->set_phone(row.people[i].phone);
    added.mutable_person()->set_email(row.people[i].email);
    added.set_known_person_id(row.known[i].value);
  }
  out.set_note(row.note);
  *out.mutable_phone_time() = rpc::ToTimestamp(row.phone_time);
  *out.mutable_receive_time() = rpc::ToTimestamp(row.receive_time);
  out.set_distance_m(row.distance_m);
  out.set_verdict(VerdictOnWire(row.verdict));
  out.set_reason(row.reason);
  out.set_judge_id(row.judge.value);
  if (row.judge_time.has_value()) *out.mutable_judge_time() = rpc::ToTimestamp(*row.judge_time);
}

absl::Status CheckRequest(const v1::JudgeAdditionRequest& request) {
  if (request.verdict() != v1::VERDICT_ACCEPTED && request.verdict() != v1::VERDICT_DECLINED) {
    return base::InvalidField("verdict", "VERDICT_MISSING", "say whether the addition is accepted or declined");
  }
  if (request.verdict() == v1::VERDICT_DECLINED && request.reason().empty()) {
    return base::InvalidField("reason", "REASON_MISSING", "say why not, for those who ask later");
  }
  return CheckText(request.reason(), kJudgementReasonCharactersMax, "reason");
}

// The turf that the door is for, with its pass held, so that no cut of it is published meanwhile.
absl::StatusOr<std::optional<db::TurfForDoor>> HoldTurf(db::Transaction& transaction, base::Uuid addition) {
  SNOWFIELD_ASSIGN_OR_RETURN(const std::optional<db::TurfForDoor> seen, db::FindTurfForAddition(transaction, addition));
  if (!seen.has_value()) return seen;
  SNOWFIELD_RETURN_IF_ERROR(db::LockPass(transaction, seen->pass));
  return db::FindTurfForAddition(transaction, addition);
}

// One addition on its way to its door.
class Acceptance {
 public:
  Acceptance(db::Transaction& transaction, db::AdditionJudgement judgement, const db::AdditionToJudge& found)
      : transaction_(transaction), judgement_(judgement), found_(found) {}

  absl::StatusOr<JudgedAddition> Run() {
    SNOWFIELD_RETURN_IF_ERROR(found_.door ? UseKnownDoor() : MakeDoor());
    SNOWFIELD_ASSIGN_OR_RETURN(const std::vector<base::PersonId> people,
                               db::InsertFoundPeople(transaction_, judgement_.addition, judgement_.door));
    for (const base::PersonId person : people) judged_.response.add_person_ids(person.value);
    judged_.response.set_door_id(judgement_.door.value);
    SNOWFIELD_RETURN_IF_ERROR(db::InsertAdditionJudgement(transaction_, judgement_));
    return std::move(judged_);
  }

 private:
  absl::Status UseKnownDoor() {
    judgement_.door = found_.door;
    return db::LockDoors(transaction_, {found_.door}, db::DoorLock::kShared);
  }

  absl::Status MakeDoor() {
    SNOWFIELD_ASSIGN_OR_RETURN(const std::optional<db::TurfForDoor> turf, HoldTurf(transaction_, judgement_.addition));
    SNOWFIELD_ASSIGN_OR_RETURN(judgement_.door,
                               db::InsertFoundDoor(transaction_, judgement_.addition, found_.unit,
                                                   {.street_key = geo::NormalizeStreetName(found_.street),
                                                    .number_key = geo::ParseHouseNumber(found_.house_number).Key(),
                                                    .unit_key = geo::NormalizeUnit(found_.unit)}));
    if (!judgement_.door) {
      return base::NotNow("DOOR_EXISTS", "the map has this door already: decline it, and add its people there");
    }
    if (!turf.has_value()) return absl::OkStatus();
    judgement_.turf = turf->turf;
    judged_.response.set_turf_number(turf->number);
    judged_.response.set_cut_id(turf->cut.value);
    judged_.aside = {.cut = turf->cut, .door = judgement_.door, .edit = judgement_.addition};
    return db::SetFoundDoorAside(transaction_, *turf, judgement_.door, judgement_.judge);
  }

  db::Transaction& transaction_;
  db::AdditionJudgement judgement_;
  const db::AdditionToJudge& found_;
  JudgedAddition judged_;
};

// What an earlier call of the same verdict came to.
absl::StatusOr<JudgedAddition> Again(db::Transaction& transaction, base::Uuid addition,
                                     const db::AdditionToJudge& found) {
  JudgedAddition judged;
  judged.response.set_door_id(found.made_door.value);
  if (!found.made_door) return judged;
  SNOWFIELD_ASSIGN_OR_RETURN(const std::vector<base::PersonId> people, db::ListPeopleOfAddition(transaction, addition));
  for (const base::PersonId person : people) judged.response.add_person_ids(person.value);
  if (!found.turf) return judged;
  SNOWFIELD_ASSIGN_OR_RETURN(const db::TurfPlace place, db::FindTurfPlace(transaction, found.turf));
  judged.response.set_turf_number(place.number);
  judged.response.set_cut_id(place.cut.value);
  SNOWFIELD_ASSIGN_OR_RETURN(const bool is_aside, db::IsSetAside(transaction, place.cut, found.made_door));
  if (is_aside) judged.aside = {.cut = place.cut, .door = found.made_door, .edit = addition};
  return judged;
}

// New people at a known door: the lists that have it are fetched again.
absl::Status TellPhones(db::Transaction& transaction, base::DoorId door) {
  SNOWFIELD_ASSIGN_OR_RETURN(const std::vector<base::WalkListId> lists, db::ListListsWithDoor(transaction, door));
  std::vector<db::NewChange> changes;
  for (const base::WalkListId list : lists) {
    changes.push_back({.kind = db::ChangeKind::kListChanged, .walk_list = list});
  }
  return db::AppendChanges(transaction, changes);
}

}  // namespace

absl::StatusOr<v1::ListAdditionsResponse> ListFound(db::Transaction& transaction, const access::Caller& caller,
                                                    const v1::ListAdditionsRequest& request) {
  SNOWFIELD_ASSIGN_OR_RETURN(const rpc::Page page,
                             rpc::ReadPage(kAdditions, request.page_size(), request.page_token()));
  SNOWFIELD_ASSIGN_OR_RETURN(const std::vector<db::AdditionRow> rows,
                             db::ListAdditions(transaction, {.root = access::BranchRoot(caller),
                                                             .pending_only = !request.judged_too(),
                                                             .after = page.after,
                                                             .count_max = page.size + 1}));
  v1::ListAdditionsResponse response;
  for (const db::AdditionRow& row : rows) {
    if (response.additions_size() == page.size) {
      response.set_next_page_token(rpc::NextPageToken(kAdditions, rows[page.size - 1].number));
      break;
    }
    Write(row, *response.add_additions());
  }
  return response;
}

absl::StatusOr<JudgedAddition> JudgeFound(db::Transaction& transaction, const access::Caller& caller,
                                          const v1::JudgeAdditionRequest& request, absl::Time now) {
  const absl::StatusOr<base::Uuid> addition = base::Uuid::Parse(request.addition_id(), "addition_id");
  if (!addition.ok()) {
    return base::InvalidField("addition_id", "ADDITION_ID_INVALID", "name the addition by its UUID");
  }
  SNOWFIELD_RETURN_IF_ERROR(CheckRequest(request));
  SNOWFIELD_ASSIGN_OR_RETURN(const db::AdditionToJudge found, db::LockAddition(transaction, *addition));
  SNOWFIELD_RETURN_IF_ERROR(access::CheckInScope(transaction, caller, found.member, "addition_id"));
  if (found.member == caller.member) {
    return base::Problem(absl::StatusCode::kPermissionDenied, "OWN_ADDITION", "addition_id",
                         "nobody accepts what they found themselves: ask someone above you");
  }
  const bool is_accepted = request.verdict() == v1::VERDICT_ACCEPTED;
  const char* verdict = is_accepted ? kAccepted : kDeclined;
  if (found.verdict == verdict) return Again(transaction, *addition, found);
  if (!found.verdict.empty()) {
    return base::NotNow("ALREADY_JUDGED", absl::StrCat("this addition was ", found.verdict, " before: that stands"));
  }
  const db::AdditionJudgement judgement{
      .addition = *addition, .verdict = verdict, .reason = request.reason(), .judge = caller.member, .now = now};
  JudgedAddition judged;
  if (is_accepted) {
    SNOWFIELD_ASSIGN_OR_RETURN(judged, Acceptance(transaction, judgement, found).Run());
  } else {
    SNOWFIELD_RETURN_IF_ERROR(db::InsertAdditionJudgement(transaction, judgement));
  }
  const std::string detail = absl::StrCat("{\"addition_id\":\"", addition->ToString(), "\"}");
  SNOWFIELD_RETURN_IF_ERROR(db::WriteAudit(transaction, {.member = caller.member,
                                                         .action = is_accepted ? "addition.accept" : "addition.decline",
                                                         .subject_kind = "member",
                                                         .subject_id = found.member.value,
                                                         .detail_json = detail}));
  if (is_accepted && found.door) SNOWFIELD_RETURN_IF_ERROR(TellPhones(transaction, found.door));
  return judged;
}

}  // namespace snowfield::canvass
