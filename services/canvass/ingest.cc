#include "services/canvass/ingest.h"

#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "base/list_number.h"
#include "base/status.h"
#include "base/uuid.h"
#include "db/store/change_store.h"
#include "db/store/evidence_store.h"
#include "db/store/follow_up_store.h"
#include "db/store/meeting_store.h"
#include "db/store/script_store.h"
#include "services/canvass/content_hash.h"
#include "services/canvass/knock_check.h"
#include "services/canvass/script_wire.h"
#include "services/rpc/timestamp.h"

namespace snowfield::canvass {
namespace {

// One knock of a batch on its way. It is open until it has an outcome.
struct Item {
  const db::KnockSender* sender = nullptr;
  const v1::Knock* said = nullptr;
  v1::KnockAnswer* answer = nullptr;
  base::Uuid id;
  std::string hash;
  std::string list_number;
  const db::ListInHand* list = nullptr;
  std::optional<base::Uuid> corrects;

  bool IsOpen() const { return answer->outcome() == v1::KNOCK_OUTCOME_UNSPECIFIED; }
  base::DoorId door() const { return base::DoorId(said->door_id()); }
  bool NamesMeeting() const {
    return std::any_of(said->asks().begin(), said->asks().end(),
                       [](const v1::KnockAsk& ask) { return ask.meeting_id() != 0; });
  }
  bool IsDoNotContact() const { return said->result() == v1::KNOCK_RESULT_DO_NOT_CONTACT; }

  void Settle(v1::KnockOutcome outcome) { answer->set_outcome(outcome); }
  void Reject(const absl::Status& why) { canvass::Reject(*answer, why); }
};

// The people that a knock names, with the path of the field that names them.
std::vector<std::pair<base::PersonId, std::string>> PeopleOf(const v1::Knock& knock) {
  std::vector<std::pair<base::PersonId, std::string>> people;
  for (int i = 0; i < knock.responses_size(); ++i) {
    if (const int64_t id = knock.responses(i).person_id(); id != 0) {
      people.emplace_back(base::PersonId(id), absl::StrCat("responses[", i, "].person_id"));
    }
  }
  for (int i = 0; i < knock.asks_size(); ++i) {
    if (const int64_t id = knock.asks(i).person_id(); id != 0) {
      people.emplace_back(base::PersonId(id), absl::StrCat("asks[", i, "].person_id"));
    }
  }
  return people;
}

class Ingest {
 public:
  Ingest(db::Transaction& transaction, const std::vector<SentBatch>& batches, absl::Time now)
      : transaction_(transaction), now_(now), answers_(batches.size()) {
    for (size_t b = 0; b < batches.size(); ++b) {
      const v1::SendKnocksRequest& request = *batches[b].request;
      answers_[b].resize(request.knocks_size());
      for (int i = 0; i < request.knocks_size(); ++i) {
        answers_[b][i].set_knock_id(request.knocks(i).knock_id());
        Item& item = items_.emplace_back();
        item.sender = &batches[b].sender;
        item.said = &request.knocks(i);
        item.answer = &answers_[b][i];
      }
    }
  }

  absl::StatusOr<std::vector<KnockAnswers>> Run() {
    ReadIds();
    SNOWFIELD_RETURN_IF_ERROR(FindStored(IdsToLookUp()));
    for (Item& item : items_) CheckAlone(item);
    SNOWFIELD_RETURN_IF_ERROR(FindLists());
    SNOWFIELD_RETURN_IF_ERROR(FindDoors());
    SNOWFIELD_RETURN_IF_ERROR(FindPeople());
    SNOWFIELD_RETURN_IF_ERROR(FindMeetings());
    RejectCorrectionsOfUnknown();
    SNOWFIELD_RETURN_IF_ERROR(FindScripts());
    SNOWFIELD_RETURN_IF_ERROR(StoreKnocks());
    SNOWFIELD_RETURN_IF_ERROR(StoreDetails());
    SNOWFIELD_RETURN_IF_ERROR(db::InsertConflicts(transaction_, conflicts_, now_));
    SNOWFIELD_RETURN_IF_ERROR(DrawConsequences());
    return std::move(answers_);
  }

 private:
  void ReadIds() {
    for (Item& item : items_) {
      absl::StatusOr<base::Uuid> id = base::Uuid::Parse(item.said->knock_id(), "knock_id");
      if (!id.ok()) {
        item.Reject(base::InvalidField("knock_id", "KNOCK_ID_INVALID", "a knock is named by a UUID of the phone's"));
        continue;
      }
      item.id = *id;
      item.hash = ContentHash(*item.said);
      const absl::StatusOr<base::Uuid> corrects = base::Uuid::Parse(item.said->corrects_knock_id(), "");
      if (corrects.ok()) item.corrects = *corrects;
    }
  }

  std::vector<base::Uuid> IdsToLookUp() const {
    absl::flat_hash_set<base::Uuid> ids;
    for (const Item& item : items_) {
      if (!item.IsOpen()) continue;
      ids.insert(item.id);
      if (item.corrects.has_value()) ids.insert(*item.corrects);
    }
    return {ids.begin(), ids.end()};
  }

  absl::Status FindStored(const std::vector<base::Uuid>& ids) {
    SNOWFIELD_ASSIGN_OR_RETURN(std::vector<db::StoredKnock> found, db::FindKnocks(transaction_, ids));
    for (db::StoredKnock& knock : found) stored_[knock.knock] = std::move(knock);
    return absl::OkStatus();
  }

  // A resend is known by its id alone, before anything else is asked of it: what was good once is good for ever.
  void CheckAlone(Item& item) {
    if (!item.IsOpen()) return;
    const auto stored = stored_.find(item.id);
    if (stored != stored_.end() && stored->second.content_hash == item.hash) {
      return item.Settle(v1::KNOCK_OUTCOME_DUPLICATE);
    }
    if (const absl::Status form = CheckKnock(*item.said); !form.ok()) return item.Reject(form);
    absl::StatusOr<std::string> number = base::ParseListNumber(item.said->list_number(), "list_number");
    if (!number.ok()) return item.Reject(number.status());
    item.list_number = *std::move(number);
    if (stored != stored_.end()) KeepConflict(item);
  }

  void KeepConflict(Item& item) {
    item.Settle(v1::KNOCK_OUTCOME_CONFLICT);
    conflicts_.push_back({.sender = *item.sender,
                          .knock = item.id,
                          .content_hash = item.hash,
                          .content = item.said->SerializeAsString()});
  }

  absl::Status FindLists() {
    std::map<db::ListSent, size_t> places;
    std::vector<db::ListSent> sent;
    const auto place_of = [&](const Item& item) {
      const auto [place, is_new] =
          places.try_emplace({.list_number = item.list_number, .sender = *item.sender}, sent.size());
      if (is_new) sent.push_back(place->first);
      return place->second;
    };
    for (const Item& item : items_) {
      if (item.IsOpen()) place_of(item);
    }
    SNOWFIELD_ASSIGN_OR_RETURN(lists_, db::FindListsInHand(transaction_, sent, now_));
    for (Item& item : items_) {
      if (!item.IsOpen()) continue;
      const std::optional<db::ListInHand>& list = lists_[place_of(item)];
      if (list.has_value()) {
        item.list = &*list;
      } else {
        item.Reject(base::InvalidField("list_number", "LIST_UNKNOWN",
                                       "this list was never yours: check its number, or ask your leader"));
      }
    }
    return absl::OkStatus();
  }

  absl::Status FindDoors() {
    absl::flat_hash_set<db::DoorOfList> asked;
    for (const Item& item : items_) {
      if (item.IsOpen()) asked.emplace(item.list->walk_list, item.door());
    }
    SNOWFIELD_ASSIGN_OR_RETURN(
        const std::vector<db::DoorOfList> found,
        db::FindDoorsOfLists(transaction_, std::vector<db::DoorOfList>(asked.begin(), asked.end())));
    const absl::flat_hash_set<db::DoorOfList> known(found.begin(), found.end());
    for (Item& item : items_) {
      if (item.IsOpen() && !known.contains({item.list->walk_list, item.door()})) {
        item.Reject(base::InvalidField("door_id", "DOOR_NOT_ON_LIST",
                                       "this door is not on the list: check which list the result is for"));
      }
    }
    return absl::OkStatus();
  }

  absl::Status FindPeople() {
    absl::flat_hash_set<db::PersonAtDoor> asked;
    for (const Item& item : items_) {
      if (!item.IsOpen()) continue;
      for (const auto& [person, field] : PeopleOf(*item.said)) asked.emplace(item.door(), person);
    }
    SNOWFIELD_ASSIGN_OR_RETURN(
        const std::vector<db::PersonAtDoor> found,
        db::FindPeopleAtDoors(transaction_, std::vector<db::PersonAtDoor>(asked.begin(), asked.end())));
    const absl::flat_hash_set<db::PersonAtDoor> known(found.begin(), found.end());
    for (Item& item : items_) {
      if (!item.IsOpen()) continue;
      for (const auto& [person, field] : PeopleOf(*item.said)) {
        if (known.contains({item.door(), person})) continue;
        item.Reject(base::InvalidField(field, "PERSON_NOT_AT_DOOR",
                                       "nobody of this id lives behind this door: name the person again, or none"));
        break;
      }
    }
    return absl::OkStatus();
  }

  absl::Status FindMeetings() {
    absl::flat_hash_set<base::MeetingId> asked;
    for (const Item& item : items_) {
      if (!item.IsOpen()) continue;
      for (const v1::KnockAsk& ask : item.said->asks()) {
        if (ask.meeting_id() != 0) asked.emplace(ask.meeting_id());
      }
    }
    SNOWFIELD_ASSIGN_OR_RETURN(const auto found, db::FindMeetings(transaction_, {asked.begin(), asked.end()}));
    for (const base::MeetingId meeting : found) asked.erase(meeting);
    if (asked.empty()) return absl::OkStatus();
    for (Item& item : items_) {
      for (int i = 0; item.IsOpen() && i < item.said->asks_size(); ++i) {
        if (!asked.contains(base::MeetingId(item.said->asks(i).meeting_id()))) continue;
        item.Reject(base::InvalidField(absl::StrCat("asks[", i, "].meeting_id"), "MEETING_UNKNOWN",
                                       "there is no such meeting: take one of those that came with the list"));
      }
    }
    return absl::OkStatus();
  }

  // What a correction names must be stored, or be about to be: known knocks grow from those that need nothing, so that
  // corrections of each other never get in.
  void RejectCorrectionsOfUnknown() {
    absl::flat_hash_map<base::Uuid, base::DoorId> known;
    for (const auto& [id, knock] : stored_) known[id] = knock.door;
    std::vector<Item*> waiting;
    for (Item& item : items_) {
      if (!item.IsOpen()) continue;
      if (item.corrects.has_value()) {
        waiting.push_back(&item);
      } else {
        known.emplace(item.id, item.door());
      }
    }
    for (size_t before = waiting.size() + 1; waiting.size() < before;) {
      before = waiting.size();
      std::erase_if(waiting, [&](Item* item) {
        const auto corrected = known.find(*item->corrects);
        if (corrected == known.end()) return false;
        if (corrected->second == item->door()) {
          known.emplace(item->id, item->door());
        } else {
          item->Reject(base::InvalidField("corrects_knock_id", "CORRECTS_OTHER_DOOR",
                                          "a correction is for the door of the knock that it corrects"));
        }
        return true;
      });
    }
    for (Item* item : waiting) {
      item->Reject(
          base::InvalidField("corrects_knock_id", "CORRECTS_UNKNOWN",
                             "the knock that this one corrects has not arrived: send that one, then this again"));
    }
  }

  absl::Status FindScripts() {
    absl::flat_hash_set<base::ScriptId> named;
    for (const Item& item : items_) {
      if (item.IsOpen() && item.said->script_id() != 0) named.emplace(item.said->script_id());
    }
    SNOWFIELD_ASSIGN_OR_RETURN(
        const auto bodies, db::FindScriptBodies(transaction_, std::vector<base::ScriptId>(named.begin(), named.end())));
    for (const auto& [script, body] : bodies) {
      SNOWFIELD_RETURN_IF_ERROR(ScriptFromJson(body, &scripts_[script]));
    }
    return absl::OkStatus();
  }

  // Late is welcome: an answer that the named script does not have is what somebody said all the same.
  bool IsOffScript(const v1::Knock& knock, const v1::KnockResponse& response) const {
    if (knock.script_id() == 0) return false;
    const auto script = scripts_.find(base::ScriptId(knock.script_id()));
    return script == scripts_.end() || !IsOnScript(script->second, response);
  }

  // Of several in the batch with one id, the first good one is stored; the others are its duplicates or conflicts.
  absl::Status StoreKnocks() {
    absl::flat_hash_map<base::Uuid, Item*> first_by_id;
    std::vector<db::NewKnock> knocks;
    std::vector<base::DoorId> doors;
    for (Item& item : items_) {
      if (!item.IsOpen() || !first_by_id.emplace(item.id, &item).second) continue;
      knocks.push_back(MakeKnock(item));
      doors.push_back(item.door());
    }
    if (knocks.empty()) return absl::OkStatus();
    const bool any_do_not_contact =
        std::any_of(items_.begin(), items_.end(), [](const Item& i) { return i.IsOpen() && i.IsDoNotContact(); });
    SNOWFIELD_RETURN_IF_ERROR(
        db::LockDoors(transaction_, doors, any_do_not_contact ? db::DoorLock::kDoNotContact : db::DoorLock::kShared));
    SNOWFIELD_ASSIGN_OR_RETURN(const std::vector<base::Uuid> stored, db::InsertKnocks(transaction_, knocks, now_));
    for (const base::Uuid& id : stored) {
      Item* item = first_by_id[id];
      item->Settle(v1::KNOCK_OUTCOME_ACCEPTED);
      stored_[id] = {.knock = id, .content_hash = item->hash, .door = item->door()};
    }
    for (Item& item : items_) {
      if (item.answer->outcome() == v1::KNOCK_OUTCOME_ACCEPTED) accepted_.push_back(&item);
    }
    return SettleTheRest();
  }

  // What is still open has the id of a knock that this batch, or another at the same moment, has stored.
  absl::Status SettleTheRest() {
    std::vector<base::Uuid> taken_by_others;
    for (const Item& item : items_) {
      if (item.IsOpen() && !stored_.contains(item.id)) taken_by_others.push_back(item.id);
    }
    SNOWFIELD_RETURN_IF_ERROR(FindStored(taken_by_others));
    for (Item& item : items_) {
      if (!item.IsOpen()) continue;
      item.answer->clear_flags();
      if (stored_[item.id].content_hash == item.hash) {
        item.Settle(v1::KNOCK_OUTCOME_DUPLICATE);
      } else {
        KeepConflict(item);
      }
    }
    return absl::OkStatus();
  }

  db::NewKnock MakeKnock(Item& item) const {
    const v1::Knock& said = *item.said;
    const absl::Time phone_time = rpc::FromTimestamp(said.phone_time(), "phone_time").value_or(now_);
    std::vector<const char*> flags;
    if (item.list->late) flags.push_back(kFlagLateList);
    if (phone_time > now_ + kClockAheadMax) flags.push_back(kFlagClockAhead);
    if (phone_time < item.list->create_time - kClockBehindMax) flags.push_back(kFlagClockBehind);
    const base::ScriptId script(said.script_id());
    const bool script_is_known = scripts_.contains(script);
    if ((script && !script_is_known) ||
        std::any_of(said.responses().begin(), said.responses().end(),
                    [&](const v1::KnockResponse& response) { return IsOffScript(said, response); })) {
      flags.push_back(kFlagOffScript);
    }
    for (const char* flag : flags) item.answer->add_flags(flag);
    db::NewKnock knock{.sender = *item.sender,
                       .knock = item.id,
                       .content_hash = item.hash,
                       .door = item.door(),
                       .walk_list = item.list->walk_list,
                       .result = said.result(),
                       .language = said.language(),
                       .note = said.note(),
                       .corrects = item.corrects,
                       .phone_time = phone_time,
                       .boot_id = said.boot_id(),
                       .monotonic_ms = said.monotonic_ms(),
                       .running_number = said.running_number(),
                       .knock_time = std::min(phone_time, now_),
                       .flags = absl::StrJoin(flags, ","),
                       .script = script_is_known ? script : base::ScriptId()};
    if (said.has_position()) {
      knock.longitude = said.position().longitude();
      knock.latitude = said.position().latitude();
      knock.accuracy_m = said.accuracy_m();
    }
    return knock;
  }

  absl::Status StoreDetails() {
    std::vector<db::NewResponse> responses;
    std::vector<db::NewAsk> asks;
    for (const Item* item : accepted_) {
      for (int i = 0; i < item->said->responses_size(); ++i) {
        const v1::KnockResponse& said = item->said->responses(i);
        responses.push_back({.knock = item->id,
                             .ordinal = i + 1,
                             .person = base::PersonId(said.person_id()),
                             .question = said.question(),
                             .answer = said.answer(),
                             .off_script = IsOffScript(*item->said, said)});
      }
      for (int i = 0; i < item->said->asks_size(); ++i) {
        const v1::KnockAsk& said = item->said->asks(i);
        asks.push_back({.knock = item->id,
                        .ordinal = i + 1,
                        .person = base::PersonId(said.person_id()),
                        .ask = said.ask(),
                        .answer = said.answer(),
                        .meeting = base::MeetingId(said.meeting_id())});
      }
    }
    SNOWFIELD_RETURN_IF_ERROR(db::InsertResponses(transaction_, responses));
    return db::InsertAsks(transaction_, asks);
  }

  // Do-not-contact goes first, so that no work is made for those who just asked to be left alone. The changes go last.
  absl::Status DrawConsequences() {
    std::vector<base::Uuid> ids, corrections, do_not_contact, of_meetings;
    std::vector<db::FreshKnock> fresh;
    for (const Item* item : accepted_) {
      ids.push_back(item->id);
      fresh.push_back({.knock = item->id,
                       .door = item->door(),
                       .says_more = !item->said->responses().empty() || !item->said->asks().empty()});
      if (item->corrects.has_value()) {
        corrections.push_back(item->id);
        of_meetings.push_back(*item->corrects);
      }
      if (item->NamesMeeting()) of_meetings.push_back(item->id);
      if (item->IsDoNotContact()) do_not_contact.push_back(item->id);
    }
    SNOWFIELD_RETURN_IF_ERROR(db::MarkDoNotContact(transaction_, do_not_contact));
    SNOWFIELD_RETURN_IF_ERROR(db::DropNotToContact(transaction_, do_not_contact, now_));
    SNOWFIELD_RETURN_IF_ERROR(db::DropCorrected(transaction_, corrections, now_));
    SNOWFIELD_RETURN_IF_ERROR(db::UninviteNotToContact(transaction_, do_not_contact));
    SNOWFIELD_RETURN_IF_ERROR(db::AnswerAtDoors(transaction_, of_meetings));
    SNOWFIELD_RETURN_IF_ERROR(db::CreateFollowUps(transaction_, fresh, now_));
    SNOWFIELD_RETURN_IF_ERROR(db::InsertEvidence(transaction_, ids));
    SNOWFIELD_ASSIGN_OR_RETURN(const std::vector<db::NewChange> changes, db::ChangesOfKnocks(transaction_, ids));
    return db::AppendChanges(transaction_, changes);
  }

  db::Transaction& transaction_;
  const absl::Time now_;
  std::vector<KnockAnswers> answers_;
  std::vector<Item> items_;
  absl::flat_hash_map<base::Uuid, db::StoredKnock> stored_;
  std::vector<std::optional<db::ListInHand>> lists_;
  absl::flat_hash_map<base::ScriptId, v1::Script> scripts_;
  std::vector<Item*> accepted_;
  std::vector<db::NewConflict> conflicts_;
};

}  // namespace

absl::Status CheckBatch(const v1::SendKnocksRequest& request) {
  if (request.knocks().empty()) {
    return base::InvalidField("knocks", "BATCH_EMPTY", "send at least one knock");
  }
  if (request.knocks_size() > kBatchKnocksMax) {
    return base::InvalidField("knocks", "BATCH_TOO_LARGE",
                              absl::StrCat("at most ", kBatchKnocksMax, " knocks in a batch: send it in parts"));
  }
  return absl::OkStatus();
}

absl::StatusOr<std::vector<KnockAnswers>> IngestBatches(db::Transaction& transaction,
                                                        const std::vector<SentBatch>& batches, absl::Time now) {
  for (const SentBatch& batch : batches) SNOWFIELD_RETURN_IF_ERROR(CheckBatch(*batch.request));
  return Ingest(transaction, batches, now).Run();
}

absl::StatusOr<std::vector<KnockAnswers>> IngestPaper(db::Transaction& transaction,
                                                      const std::vector<WalkedOnPaper>& batches, absl::Time now) {
  std::vector<SentBatch> sent;
  for (const auto& [walker, knocks] : batches) {
    sent.push_back({.sender = {.member = walker, .on_paper = true}, .request = &knocks});
  }
  return IngestBatches(transaction, sent, now);
}

}  // namespace snowfield::canvass
