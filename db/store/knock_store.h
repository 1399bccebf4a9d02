// Knocks: storing a batch in a fixed, small number of statements.
//
// Invariants: a knock is stored once by its id, and never changed; what came with it (responses, asks) is stored in the
// same transaction. All functions take whole batches.
// Thread safety: as the transaction's.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "base/ids.h"
#include "base/uuid.h"
#include "db/pg/transaction.h"
#include "db/store/change_store.h"

namespace snowfield::db {

// The number of snowfield.canvass.v1.KNOCK_RESULT_DO_NOT_CONTACT, which the statements know.
inline constexpr int kResultDoNotContact = 14;

struct StoredKnock {
  base::Uuid knock;
  std::string content_hash;
  base::DoorId door;
};
// Those of the ids that are taken.
absl::StatusOr<std::vector<StoredKnock>> FindKnocks(Transaction& transaction, const std::vector<base::Uuid>& knocks);

struct KnockSender {
  base::MemberId member;
  base::PhoneId phone = {};  // none for paper
  bool on_paper = false;     // typed in by someone else: any list may have a result, and is late where it was revoked

  friend auto operator<=>(const KnockSender&, const KnockSender&) = default;
};

// A list number and who sent it.
struct ListSent {
  std::string list_number;
  KnockSender sender;

  friend auto operator<=>(const ListSent&, const ListSent&) = default;
};
struct ListInHand {
  base::WalkListId walk_list;
  base::TurfId turf;
  absl::Time create_time;
  bool late = false;  // revoked, or not (any more) out on this phone at the time asked for
};
// The list of each pair, in their order; none where this sender may not send results for it.
absl::StatusOr<std::vector<std::optional<ListInHand>>> FindListsInHand(Transaction& transaction,
                                                                       const std::vector<ListSent>& sent,
                                                                       absl::Time now);

using DoorOfList = std::pair<base::WalkListId, base::DoorId>;
using PersonAtDoor = std::pair<base::DoorId, base::PersonId>;
// Those of the pairs that hold. A list goes on holding the doors that it was given with when its turf is edited.
absl::StatusOr<std::vector<DoorOfList>> FindDoorsOfLists(Transaction& transaction,
                                                         const std::vector<DoorOfList>& pairs);
absl::StatusOr<std::vector<PersonAtDoor>> FindPeopleAtDoors(Transaction& transaction,
                                                            const std::vector<PersonAtDoor>& pairs);

// kShared: a do-not-contact can't come in between. kDoNotContact: for the batch that brings one.
enum class DoorLock { kShared, kDoNotContact };
// Locks the doors until the transaction ends. Without it, a follow-up and a do-not-contact of the same moment would not
// see each other.
absl::Status LockDoors(Transaction& transaction, const std::vector<base::DoorId>& doors, DoorLock lock);

struct NewKnock {
  KnockSender sender;
  base::Uuid knock;
  std::string content_hash;  // 32 bytes
  base::DoorId door;
  base::WalkListId walk_list;
  int result = 0;
  std::string language;
  std::string note;
  std::optional<base::Uuid> corrects;
  absl::Time phone_time;
  std::string boot_id;
  int64_t monotonic_ms = 0;
  int64_t running_number = 0;
  std::optional<double> longitude = {};  // both or none; WGS 84 degrees
  std::optional<double> latitude = {};
  std::optional<double> accuracy_m = {};
  absl::Time knock_time;
  std::string flags;  // joined with commas
  base::ScriptId script = {};
};
// Stores them and returns the ids of those that were not there before. Waits for a transaction that is storing the same
// id; afterwards FindKnocks() sees what that one stored.
absl::StatusOr<std::vector<base::Uuid>> InsertKnocks(Transaction& transaction, const std::vector<NewKnock>& knocks,
                                                     absl::Time now);

struct NewResponse {
  base::Uuid knock;
  int ordinal = 0;
  base::PersonId person;  // none: the household
  std::string question;
  std::string answer;
  bool off_script = false;
};
struct NewAsk {
  base::Uuid knock;
  int ordinal = 0;
  base::PersonId person;  // none: the household
  int ask = 0;
  int answer = 0;
  base::MeetingId meeting = {};  // where the ask is to come to one
};
absl::Status InsertResponses(Transaction& transaction, const std::vector<NewResponse>& responses);
absl::Status InsertAsks(Transaction& transaction, const std::vector<NewAsk>& asks);

struct NewConflict {
  KnockSender sender;
  base::Uuid knock;
  std::string content_hash;  // 32 bytes
  std::string content;       // wire form of what was sent
};
// Kept once for each content.
absl::Status InsertConflicts(Transaction& transaction, const std::vector<NewConflict>& conflicts, absl::Time now);

// Marks the people that these do-not-contact knocks name; where one names nobody, its door and all who live there.
absl::Status MarkDoNotContact(Transaction& transaction, const std::vector<base::Uuid>& knocks);

// What these stored knocks are to phones, in their order: for AppendChanges().
absl::StatusOr<std::vector<NewChange>> ChangesOfKnocks(Transaction& transaction, const std::vector<base::Uuid>& knocks);

}  // namespace snowfield::db
