// What every fault test stands on: a server over a ground of walk lists, phones that send to it without pause, and what
// must hold whatever was done to it.
// Thread safety: each phone belongs to one thread at a time; the rest to the test's.
#pragma once

#include <grpcpp/client_context.h>
#include <gtest/gtest.h>

#include <atomic>
#include <cstdint>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "snowfield/canvass/v1/canvass.grpc.pb.h"
#include "tests/fault/server_process.h"
#include "tests/support/knock_ground.h"
#include "tests/support/test_database.h"

namespace snowfield::tests {

inline constexpr int kPhones = 8;

// The number that this variable of the environment holds.
uint64_t Environment(const char* name, uint64_t otherwise);

// A phone that keeps its knocks until they are answered, and its view of its list by download and changes.
class FaultPhone {
 public:
  FaultPhone(const GroundPhone& phone, const GroundList& list, std::string address, uint64_t seed);

  // Makes knocks and sends them, batch by batch, until told to stop and everything is answered; fails the test when the
  // server does not come back.
  void Run(const std::atomic<bool>& stop);
  // Whether what the phone holds is what a fresh download says.
  void ExpectViewOfServer();

  const std::vector<std::string>& made() const { return made_; }
  int64_t acknowledged() const { return acknowledged_; }
  // How often a batch was refused, by code: "UNAVAILABLE", "RESOURCE_EXHAUSTED DATABASE_EXHAUSTED".
  const std::map<std::string, int>& refusals() const { return refusals_; }

 private:
  void Connect();
  std::unique_ptr<grpc::ClientContext> As() const;
  void MakeKnocks();
  bool SendOnce();
  grpc::Status Download(canvass::v1::DownloadWalkListResponse* list);
  bool ReadOnce();

  const GroundPhone& phone_;
  const GroundList& list_;
  const std::string address_;
  std::mt19937_64 random_;
  std::unique_ptr<canvass::v1::CanvassService::Stub> stub_;
  canvass::v1::SendKnocksRequest outbox_;
  std::vector<std::string> made_;
  int64_t acknowledged_ = 0;
  int64_t running_number_ = 0;
  std::string token_;
  std::map<int64_t, canvass::v1::KnockResult> view_;
  std::map<std::string, int> refusals_;
};

// The phones of a ground, each on a thread of its own while it runs.
class FaultGround {
 public:
  FaultGround(const ServerProcess& server, uint64_t seed);

  // All phones send until Settle().
  void Begin();
  // All phones send what they have, and end.
  void Settle();
  // What must hold when the phones have settled: every knock that was made is acknowledged and there once, every
  // follow-up is of its knock and none is missing, the counter stands at the last change, each phone's view is the
  // server's.
  void ExpectSound();
  // The one number that a statement gives, seen by the superuser.
  int64_t Count(const std::string& sql);
  // Of all phones.
  std::map<std::string, int> Refusals() const;

 private:
  const ServerProcess& server_;
  const KnockGround ground_;
  std::vector<std::unique_ptr<FaultPhone>> phones_;
  std::atomic<bool> stop_ = false;
  std::vector<std::thread> threads_;
  int statements_ = 0;
};

}  // namespace snowfield::tests
