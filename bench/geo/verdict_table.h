// Prints verdicts: a table for people, then one JSON object a line for programs.
// Thread safety: none needed.
#pragma once

#include <string>
#include <vector>

#include "bench/geo/judge.h"
#include "bench/geo/meter.h"

namespace snowfield::bench {

struct Row {
  std::string method;
  Effort effort;
  Verdict verdict;
  std::string extra_json;  // further members, starting with a comma; may be empty
};

struct RunInfo {
  std::string data_set;
  uint64_t data_seed = 0;
  int target_doors = 0;
  int threads = 0;
  bool boundaries_kept = false;
};

void PrintTable(const RunInfo& run, const std::vector<Row>& rows);
// m/door, time and memory of the first row as shares of the others': what the goals are stated in.
void PrintRatios(const std::vector<Row>& rows);
void PrintJson(const RunInfo& run, const std::vector<Row>& rows);

}  // namespace snowfield::bench
