#include "services/turf/replace_lists.h"

#include <algorithm>

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
  absl::BitGen random;
  for (int draw = 0; draw < kNumberDrawsMax && !lists.empty(); ++draw) {
    std::vector<db::ReplacingList> replacing;
    std::vector<base::TurfId> turfs;
    for (const db::EndedList& list : lists) {
      replacing.push_back(
          {.turf = list.turf,
           .leader = list.leader,
           .list_number = base::MakeListNumber(absl::Uniform<uint32_t>(random, 0, base::kListSerialEnd)),
           .replaces = list.walk_list});
      turfs.push_back(list.turf);
    }
    SNOWFIELD_RETURN_IF_ERROR(db::InsertReplacingLists(transaction, replacing));
    SNOWFIELD_ASSIGN_OR_RETURN(const auto without, db::TurfsWithoutList(transaction, turfs));
    std::erase_if(lists, [&](const db::EndedList& list) {
      return std::find(without.begin(), without.end(), list.turf) == without.end();
    });
  }
  if (lists.empty()) return revoked;
  return base::Problem(absl::StatusCode::kResourceExhausted, "LIST_NUMBERS_EXHAUSTED", "",
                       "this campaign has used up its list numbers: go on in a new campaign");
}

}  // namespace snowfield::turf
