// Transaction: the only way for a service to reach the data, in the scope of one campaign.
//
//   SNOWFIELD_ASSIGN_OR_RETURN(Transaction transaction, pool.Begin({.campaign = campaign, .deadline = deadline}));
//   SNOWFIELD_ASSIGN_OR_RETURN(Result result, transaction.Run(queries::kFindDoor, Params().Id(campaign).Id(door)));
//   return transaction.Commit();
//
// Invariants: row-level security sees the scope's campaign and no other from the first statement on; destroyed without
// Commit(), nothing of it is kept; its connection goes back to the pool idle or not at all.
// After a statement has failed every other fails too, but the cause is what its own status said.
// Thread safety: one thread at a time. It must not outlive its pool.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "base/ids.h"
#include "db/pg/connection.h"
#include "db/pg/copy.h"
#include "db/pg/params.h"
#include "db/pg/query.h"
#include "db/pg/result.h"

namespace snowfield::db {

class Pool;

// No transaction is open for longer, whatever the deadline.
inline constexpr absl::Duration kTransactionTimeMax = absl::Hours(1);

struct Scope {
  base::CampaignId campaign = {};  // none: platform scope, which sees no campaign's rows
  absl::Time deadline = absl::InfiniteFuture();
  bool read_only = false;
  bool one_snapshot = false;  // all statements see the same instant (repeatable read)
  // Each statement looks a few rows up by their keys, and is planned once for all calls. Else it may be planned anew
  // each time, which costs more than such a statement itself; or keep a plan from when a table was nearly empty, which
  // reads all of it.
  bool look_ups = false;
  std::function<bool()> cancelled =
      nullptr;  // "the caller has gone"; asked from the calling thread while a statement runs
};

class Transaction {
 public:
  Transaction(Transaction&& other) noexcept = default;
  Transaction& operator=(Transaction&& other) = delete;

  base::CampaignId campaign() const { return campaign_; }

  // Runs one statement. Errors as in db/pg/sqlstate.h; DEADLINE_EXCEEDED and CANCELLED as the scope says.
  absl::StatusOr<Result> Run(const Query& query, const Params& params = Params());
  // Runs a statement whose answer nobody needs before the next one does, with which it goes in one round trip, or with
  // the commit. Its error is the next one's. Only where it can fail by the caller's doing is Run() the better choice.
  absl::Status Defer(const Query& query, Params params);
  // Runs one statement and commits, in one round trip. Errors as of Run() and Commit().
  absl::StatusOr<Result> RunLast(const Query& query, const Params& params);
  // As Run for many rows: one by one, in constant memory. A failure of `on_row` ends it and is returned.
  absl::Status Stream(const Query& query, const Params& params, absl::FunctionRef<absl::Status(const Row&)> on_row);
  // `query` is "copy table (columns) from stdin (format binary)". See db/pg/copy.h for what RLS forbids.
  absl::StatusOr<CopyWriter> CopyIn(const Query& query);
  // `query` is "copy (select ...) to stdout (format binary)". COPY takes no parameters: the campaign is
  // current_setting('snowfield.campaign_id')::bigint. Types are not checked, lengths are.
  absl::Status CopyOut(const Query& query, absl::FunctionRef<absl::Status(const Row&)> on_row);

  // Durable when it returns OK. UNAVAILABLE with reason COMMIT_UNKNOWN when the server went away before it answered:
  // only a repeat of the whole request, which must be harmless, tells.
  absl::Status Commit();

 private:
  friend class Pool;
  struct GiveBack {
    Pool* pool = nullptr;
    void operator()(Connection* connection) const;
  };
  Transaction(std::unique_ptr<Connection, GiveBack> connection, base::CampaignId campaign, Patience patience);
  // A transaction whose begin failed is over: nothing may run outside of one.
  absl::Status KeepIfBegun(absl::Status status);
  // After the commit was sent: gives the connection back. `tag` is what the server answered.
  absl::Status End(const absl::Status& committed, const std::string& tag);

  std::unique_ptr<Connection, GiveBack> connection_;  // null: over
  base::CampaignId campaign_;
  std::unique_ptr<Patience> patience_;  // on the heap: a CopyWriter points at it while the Transaction may move
};

}  // namespace snowfield::db
