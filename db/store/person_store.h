// People one by one: to find one who asks, to tell them what is held, and to erase it.
// Thread safety: as the transaction's.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "base/ids.h"
#include "db/pg/transaction.h"

namespace snowfield::db {

struct PersonRow {
  base::PersonId person;
  std::string external_id;
  std::string first_name;
  std::string last_name;
  int birth_year = 0;  // 0: unknown
  std::string address_line;
  std::string city;
  bool do_not_contact = false;
  base::DoorId door;  // none: not on the map
};
struct PersonFilter {
  std::string external_id;       // empty: any
  std::string last_name_prefix;  // of either case; empty: any
  int64_t after = 0;
  int limit = 0;
};
absl::StatusOr<std::vector<PersonRow>> ListPeople(Transaction& transaction, const PersonFilter& filter);

// Everything that is held about a person, as a JSON object. NOT_FOUND naming "person_id".
absl::StatusOr<std::string> ExportPerson(Transaction& transaction, base::PersonId person);

struct Erasure {
  base::PersonId person;
  base::MemberId by;
  absl::Time now;
};
// Nulls what is known of the person, drops their open follow-ups, tells the phones that have them on a list, and keeps
// imports from bringing them back. What they were counted as stays. False where they were erased before. NOT_FOUND
// naming "person_id". `before_phones_are_told` is what else belongs into the transaction: telling holds the row that
// numbers every change of the campaign, so it comes last.
absl::StatusOr<bool> ErasePerson(Transaction& transaction, const Erasure& erasure,
                                 absl::FunctionRef<absl::Status()> before_phones_are_told);

struct Voted {
  std::string external_id;
  std::string day;  // 2026-11-03; empty: has not voted after all
};
struct VotedFound {
  int place = 0;      // of the id, from 0
  base::DoorId door;  // none: not on the map
  bool is_news = false;
};
// Those of the campaign whom the ids name, marked; their open work in the queue vote_plan is dropped. An id may name
// several: of several files.
absl::StatusOr<std::vector<VotedFound>> MarkVoted(Transaction& transaction, const std::vector<Voted>& people,
                                                  base::MemberId by, absl::Time now);

}  // namespace snowfield::db
