// Draining: tells calls that wait by themselves (long polls) that the server is about to stop, so that they answer now.
// Thread safety: all functions from any thread.
#pragma once

#include <atomic>

namespace snowfield::rpc {

class Draining {
 public:
  void Begin() { begun_ = true; }
  bool HasBegun() const { return begun_; }

  // For a server that is just ended, as in tests; never deleted.
  static const Draining& Never() {
    static const Draining* const never = new Draining();
    return *never;
  }

 private:
  std::atomic<bool> begun_ = false;
};

}  // namespace snowfield::rpc
