// Delivery: the batches of what a vendor sent, opened as its pages come: one for each walk, and another where that is
// full. Thread safety: as the transaction's; a plain value, so that a transaction that fails leaves the one before it.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "base/ids.h"
#include "db/pg/transaction.h"
#include "db/store/paper_file_store.h"
#include "services/paper/keying.h"

namespace snowfield::paper {

inline constexpr int kDeliveryCharactersMax = 100;

struct Walk {
  absl::Time time;
  base::MemberId walker;  // none: the leader of each list

  friend bool operator<(const Walk& a, const Walk& b) {
    return std::pair(a.time, a.walker) < std::pair(b.time, b.walker);
  }
};

// What the cells walked and walker say. INVALID_ARGUMENT: WALK_TIME_INVALID (not a day or minute, or not past), naming
// "walked"; WALKER_INVALID, NOT_FOUND, PERMISSION_DENIED NOT_YOUR_BRANCH naming "walker".
absl::StatusOr<absl::Time> ReadWalked(db::Transaction& transaction, std::string_view cell, absl::Time now);
absl::StatusOr<base::MemberId> ReadWalker(db::Transaction& transaction, const access::Caller& caller,
                                          std::string_view cell);

class Delivery {
 public:
  Delivery(std::string name, bool second_entry) : name_(std::move(name)), second_entry_(second_entry) {}

  const std::string& name() const { return name_; }
  // The batch that takes one more page of the walk.
  absl::StatusOr<int64_t> BatchFor(db::Transaction& transaction, const Clerk& clerk, const Walk& walk);

 private:
  std::string name_;
  bool second_entry_;
  std::map<Walk, db::DeliveryBatch> newest_;
};

}  // namespace snowfield::paper
