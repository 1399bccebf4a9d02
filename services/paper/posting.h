// Posting: rows of paper become knocks, through the same door as a phone's.
//
// A row's first knock has an id that its packet, page and number give, so that nothing is counted twice; a later
// wording is the next revision, a knock that corrects the one before; a row that is blank or unreadable now takes its
// knock back. Thread safety: as the transaction's.
#pragma once

#include <functional>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "base/ids.h"
#include "base/uuid.h"
#include "db/pg/transaction.h"
#include "db/store/paper_batch_store.h"
#include "snowfield/canvass/v1/canvass.pb.h"

namespace snowfield::paper {

// Who walked, and a batch of their knocks such as the canvass takes.
using WalkedKnocks = std::pair<base::MemberId, canvass::v1::SendKnocksRequest>;
// Stores them in the caller's transaction, which is to commit at once; the answers of each, in order.
// canvass::IngestPaper does it; services/server brings the two together.
using StoreKnocks = std::function<absl::StatusOr<std::vector<std::vector<canvass::v1::KnockAnswer>>>(
    db::Transaction& transaction, const std::vector<WalkedKnocks>& batches, absl::Time now)>;

// Of a row's wording (named_id.h).
base::Uuid KnockIdOf(base::CampaignId campaign, const db::RowAt& row, int revision);

// Makes knocks of what is new in the batch, or in one row of it; how many. FAILED_PRECONDITION ROW_REFUSED naming page
// and row, with the mend: nothing is stored then. The last thing of its transaction.
absl::StatusOr<int> PostNews(db::Transaction& transaction, const db::PaperBatch& batch,
                             const std::vector<db::PaperNews>& news, const StoreKnocks& store, absl::Time now);

// What must hold before the batch is closed: these rows become knocks now. As PostNews().
absl::Status HoldAtOnce(db::Transaction& transaction, const db::PaperBatch& batch, const std::vector<db::RowAt>& rows,
                        const StoreKnocks& store, absl::Time now);

}  // namespace snowfield::paper
