// WalkerPool: TurfWalkers kept for the next edit: their scratch space is the size of the network. Internal to geo/hand.
// Thread safety: Take from any thread.
#pragma once

#include <memory>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "geo/hand/turf_walker.h"

namespace snowfield::geo {

class WalkerPool {
 public:
  // `board` must outlive the pool.
  explicit WalkerPool(const BoardGround& board) : board_(board) {}

  // A walker for the calling thread, given back when the lease ends.
  class Lease {
   public:
    Lease(WalkerPool* pool, std::unique_ptr<TurfWalker> walker) : pool_(pool), walker_(std::move(walker)) {}
    Lease(Lease&&) noexcept = default;
    Lease& operator=(Lease&&) = delete;
    ~Lease() {
      if (walker_ != nullptr) pool_->Return(std::move(walker_));
    }
    TurfWalker* operator->() const { return walker_.get(); }

   private:
    WalkerPool* pool_;
    std::unique_ptr<TurfWalker> walker_;
  };
  Lease Take() {
    {
      const absl::MutexLock lock(&mutex_);
      if (!idle_.empty()) {
        std::unique_ptr<TurfWalker> walker = std::move(idle_.back());
        idle_.pop_back();
        return {this, std::move(walker)};
      }
    }
    return {this, std::make_unique<TurfWalker>(board_)};
  }

 private:
  static constexpr size_t kKept = 4;

  void Return(std::unique_ptr<TurfWalker> walker) {
    const absl::MutexLock lock(&mutex_);
    if (idle_.size() < kKept) idle_.push_back(std::move(walker));
  }

  const BoardGround& board_;
  absl::Mutex mutex_;
  std::vector<std::unique_ptr<TurfWalker>> idle_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace snowfield::geo
