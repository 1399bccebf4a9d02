// Reports: knocks, contacts, answers, asks, follow-ups and hours, by turf, branch, canvasser, day or pass.
// Thread safety: as the transaction's.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "base/ids.h"
#include "db/pg/transaction.h"

namespace snowfield::db {

struct ReportQuery {
  std::string_view by;  // turf, branch, canvasser, day, pass
  base::CutId cut;      // none: all
  base::MemberId root;  // lists of this member and of all below; none: all
  absl::Time from = absl::InfinitePast();
  absl::Time to = absl::InfiniteFuture();
  std::string question;  // whose answers say support
  int64_t after = 0;     // keys above
  int count_max = 0;
  absl::Time now;  // what is due before is late
};
struct ReportAnswer {
  std::string answer;
  int64_t people = 0;
};
struct ReportAsk {
  int ask = 0;
  int64_t yes = 0, maybe = 0, no = 0;
};
struct ReportRow {
  int64_t key = 0;  // the turf's, member's or pass's id; of a day its number
  int64_t doors = 0, doors_knocked = 0, attempts = 0, contacts = 0, attempts_timed = 0;
  double hours = 0;
  std::vector<ReportAnswer> support;
  std::vector<ReportAsk> asks;
  int64_t follow_ups_made = 0, follow_ups_done = 0, follow_ups_late = 0;
  int turf_number = 0;
  base::MemberId member;  // by turf the leader who has it, by branch and canvasser whose row it is
  std::string member_name;
  std::string pass_name;
  std::string day;  // 2026-11-25
};
// By key.
absl::StatusOr<std::vector<ReportRow>> ListReportRows(Transaction& transaction, const ReportQuery& query);

}  // namespace snowfield::db
