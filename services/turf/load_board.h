// LoadBoard: the board of a cut from the database, and what edits have changed since.
// Thread safety: pure but for the transaction.
#pragma once

#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "base/ids.h"
#include "db/pg/transaction.h"
#include "db/store/turf_edit_store.h"
#include "geo/cut/cut_turf.h"
#include "geo/hand/turf_board.h"

namespace snowfield::turf {

// All that a board is made of, read in one snapshot.
struct BoardSource {
  int edit_count = 0;
  geo::CutInput input;
  geo::CutOptions options;
  std::vector<geo::BoardTurf> turfs;
  std::vector<geo::AsideDoor> aside;
};
// NOT_FOUND naming "cut_id".
absl::StatusOr<BoardSource> ReadBoard(db::Transaction& transaction, base::CutId cut);
absl::StatusOr<geo::TurfBoard> MakeBoard(BoardSource source);

// What edits above `edit_count` changed.
struct BoardNews {
  int edit_count = 0;
  std::vector<geo::BoardTurf> changed;
  std::vector<geo::AsideDoor> aside;
};
absl::StatusOr<BoardNews> ReadNews(db::Transaction& transaction, base::CutId cut, int edit_count);

// A stored version of a turf as the board takes it; its centre is left out. INTERNAL where the metrics can't be read.
absl::StatusOr<geo::Turf> ToTurf(const db::TurfContent& content);
std::vector<geo::AsideDoor> ToAside(const std::vector<db::AsideRow>& rows);

}  // namespace snowfield::turf
