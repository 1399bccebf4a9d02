#include "services/turf/replace_lists.h"

#include <algorithm>
#include <utility>

#include "absl/container/flat_hash_set.h"
#include "absl/random/random.h"
#include "base/list_number.h"
#include "base/status.h"
#include "db/store/turf_edit_store.h"
#include "services/turf/assign_turfs.h"

namespace snowfield::turf {

absl::StatusOr<std::vector<base::WalkListId>> ReplaceLists(db::Transaction& transaction,
                                                           const std::vector<base::TurfId>& changed,
                                                           const std::vector<base::TurfId>& ended) {
  std::vector<base::TurfId> all = changed;
  all.insert(all.end(), ended.begin(), ended.end());
  SNOWFIELD_ASSIGN_OR_RETURN(std::vector<db::EndedList> lists, db::EndListsOfTurfs(transaction, all));
  std::vector<base::WalkListId> revoked;
  for (const db::EndedList& list : lists) revoked.push_back(list.walk_list);
  std::erase_if(lists, [&](const db::EndedList& list) {
    return std::find(ended.begin(), ended.end(), list.turf) != ended.end();
  });
  std::vector<Replacement> replacements;
  for (const db::EndedList& list : lists) {
    replacements.push_back({.replaces = list.walk_list, .turf = list.turf, .leader = list.leader});
  }
  SNOWFIELD_RETURN_IF_ERROR(GiveReplacements(transaction, std::move(replacements)));
  return revoked;
}

absl::Status GiveReplacements(db::Transaction& transaction, std::vector<Replacement> replacements) {
  absl::BitGen random;
  for (int draw = 0; draw < kNumberDrawsMax && !replacements.empty(); ++draw) {
    std::vector<db::ReplacingList> lists;
    std::vector<base::TurfId> turfs;
    for (const Replacement& replacement : replacements) {
      lists.push_back({.turf = replacement.turf,
                       .leader = replacement.leader,
                       .list_number = base::MakeListNumber(absl::Uniform<uint32_t>(random, 0, base::kListSerialEnd)),
                       .replaces = replacement.replaces});
      turfs.push_back(replacement.turf);
    }
    SNOWFIELD_RETURN_IF_ERROR(db::InsertReplacingLists(transaction, lists));
    SNOWFIELD_ASSIGN_OR_RETURN(const auto left, db::TurfsWithoutList(transaction, turfs));
    const absl::flat_hash_set<base::TurfId> without(left.begin(), left.end());
    std::erase_if(replacements, [&](const Replacement& replacement) { return !without.contains(replacement.turf); });
  }
  if (replacements.empty()) return absl::OkStatus();
  return base::Problem(absl::StatusCode::kResourceExhausted, "LIST_NUMBERS_EXHAUSTED", "",
                       "this campaign has used up its list numbers: go on in a new campaign");
}

}  // namespace snowfield::turf
