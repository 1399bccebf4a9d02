// Opening batches of paper, for the verbs that key, scan and take files. Thread safety: one thread.
#pragma once

#include <CLI/CLI.hpp>
#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "services/cli/client.h"
#include "snowfield/paper/v1/entry.pb.h"

namespace snowfield::cli {

struct BatchOrder {
  int64_t batch_id = 0;  // 0: the newest that the caller has open, or a new one
  std::string walked;
  int64_t walker_id = 0;
  bool twice = false;
  bool begin_new = false;  // whatever is open
};

// "2026-11-25" is that day from its beginning on, by this machine's clock; "2026-11-25 17:30" that minute; empty today.
absl::StatusOr<absl::Time> WalkTime(const std::string& walked);
absl::StatusOr<paper::v1::Batch> OpenNewBatch(const Session& session, const BatchOrder& order);
// The batch of the order, opened where there is none; its id.
absl::StatusOr<int64_t> BatchOfOrder(const Session& session, const BatchOrder& order);

// --walked, --walker, --twice.
void AddWalkOptions(CLI::App& verb, BatchOrder& order);
// Those, and --batch, --new.
void AddBatchOptions(CLI::App& verb, BatchOrder& order);

}  // namespace snowfield::cli
