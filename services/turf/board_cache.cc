#include "services/turf/board_cache.h"

#include <algorithm>

#include "base/status.h"
#include "db/pg/run_in_transaction.h"
#include "db/store/cut_store.h"
#include "services/turf/load_board.h"

namespace snowfield::turf {
namespace {

// A board that is brought up to date is let go by nobody but a reader that can't read on.
constexpr int kAttemptsMax = 3;

absl::Status CheckEditable(const db::CutToEdit& cut) {
  if (cut.state == db::kCutDone || cut.state == db::kCutPublished) return absl::OkStatus();
  if (cut.state == db::kCutSuperseded) {
    return base::NotNow("CUT_SUPERSEDED", "another cut has taken the place of this one: edit that one");
  }
  return base::NotNow("CUT_NOT_DONE", "this cut has no turfs: watch it to its end, or cut again");
}

db::Scope Snapshot(const access::Call& call) {
  db::Scope scope = call.ReadScope();
  scope.one_snapshot = true;
  return scope;
}

}  // namespace

absl::Status BoardCache::Use(const access::Call& call, base::CutId cut,
                             const std::function<absl::Status(const View&)>& use) {
  SNOWFIELD_ASSIGN_OR_RETURN(const db::CutToEdit state,
                             db::RunInTransaction(*pool_, call.ReadScope(), [&](db::Transaction& transaction) {
                               return db::FindCutToEdit(transaction, cut);
                             }));
  SNOWFIELD_RETURN_IF_ERROR(CheckEditable(state));
  const std::shared_ptr<Entry> entry = Find({call.caller.campaign, cut});
  const auto is_fresh = [&] { return entry->board.has_value() && entry->edit_count >= state.edit_count; };
  for (int attempt = 0; attempt < kAttemptsMax; ++attempt) {
    {
      const absl::ReaderMutexLock lock(&entry->mutex);
      if (is_fresh()) {
        const db::CutToEdit seen{.pass = state.pass, .state = state.state, .edit_count = entry->edit_count};
        return use({.board = *entry->board, .cut = seen});
      }
    }
    int64_t doors = 0;
    {
      const absl::MutexLock lock(&entry->mutex);
      if (!is_fresh()) SNOWFIELD_RETURN_IF_ERROR(BringUpToDate(call, cut, entry.get()));
      doors = entry->board->ground().door_count();
    }
    NoteLoaded(entry.get(), doors);
  }
  return absl::UnavailableError("the board of this cut could not be kept");
}

std::shared_ptr<BoardCache::Entry> BoardCache::Find(const Key& key) {
  const absl::MutexLock lock(&mutex_);
  const auto at = std::find_if(entries_.begin(), entries_.end(), [&](const auto& entry) { return entry.first == key; });
  if (at != entries_.end()) {
    entries_.splice(entries_.begin(), entries_, at);
  } else {
    entries_.emplace_front(key, std::make_shared<Entry>());
    Evict();
  }
  return entries_.front().second;
}

void BoardCache::NoteLoaded(Entry* entry, int64_t doors) {
  const absl::MutexLock lock(&mutex_);
  entry->doors = doors;
  Evict();
}

// Those in use live on until their calls end.
void BoardCache::Evict() {
  int64_t doors = 0;
  for (const auto& [key, entry] : entries_) doors += entry->doors;
  while (entries_.size() > 1 && (entries_.size() > kBoardsMax || doors > kBoardDoorsMax)) {
    doors -= entries_.back().second->doors;
    entries_.pop_back();
  }
}

absl::Status BoardCache::BringUpToDate(const access::Call& call, base::CutId cut, Entry* entry) {
  entry->mutex.AssertHeld();
  if (entry->board.has_value()) {
    SNOWFIELD_ASSIGN_OR_RETURN(BoardNews news,
                               db::RunInTransaction(*pool_, Snapshot(call), [&](db::Transaction& transaction) {
                                 entry->mutex.AssertHeld();
                                 return ReadNews(transaction, cut, entry->edit_count);
                               }));
    if (entry->board->Refresh(std::move(news.changed), news.aside).ok()) {
      entry->edit_count = news.edit_count;
      return absl::OkStatus();
    }
    entry->board.reset();
  }
  SNOWFIELD_ASSIGN_OR_RETURN(BoardSource source,
                             db::RunInTransaction(*pool_, Snapshot(call), [&](db::Transaction& transaction) {
                               return ReadBoard(transaction, cut);
                             }));
  const int edit_count = source.edit_count;
  source.options.threads = threads_;
  SNOWFIELD_ASSIGN_OR_RETURN(geo::TurfBoard board, MakeBoard(std::move(source)));
  entry->board.emplace(std::move(board));
  entry->edit_count = edit_count;
  return absl::OkStatus();
}

}  // namespace snowfield::turf
