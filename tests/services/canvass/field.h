// Field: a campaign with two teams, a live cut of two turfs, a walk list for each, and a phone in hand.
//
// Turf 1 has doors 0 to 5 and belongs to leader 1; turf 2 has doors 6 to 8 and belongs to leader 2. Behind each door
// live two people. The server runs the canvass and follow-up services on a real port. Thread safety: the stubs and As()
// from any thread; the rest on one.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "base/ids.h"
#include "snowfield/canvass/v1/canvass.grpc.pb.h"
#include "snowfield/followup/v1/followup.grpc.pb.h"
#include "tests/support/fake_clock.h"
#include "tests/support/test_database.h"
#include "tests/support/test_server.h"

namespace snowfield::tests {

class Field {
 public:
  static constexpr int kDoorsOfFirstTurf = 6;
  static constexpr int kDoors = 9;

  Field();

  std::string address() const { return server_->address(); }
  const std::shared_ptr<grpc::Channel>& channel() const { return server_->channel(); }
  // Ends the server as `snowfield serve` does on a signal; calls then fail.
  void StopServer() { server_->Stop(); }
  std::unique_ptr<grpc::ClientContext> As(const std::string& token) const { return server_->As(token); }
  canvass::v1::CanvassService::Stub& canvass() const { return *canvass_; }
  followup::v1::FollowUpService::Stub& followup() const { return *followup_; }

  // A phone of this member, with its token.
  std::string MakePhone(base::MemberId member);
  // Takes out list 1 or 2 with the phone of this token.
  void CheckOut(const std::string& token, int list = 1);

  // A good knock at door `index`, not home, for the list of its turf.
  canvass::v1::Knock Knock(int index) const;
  // A conversation at door `index` with one ask of its first person.
  canvass::v1::Knock AskKnock(int index, canvass::v1::AskKind ask, canvass::v1::AskAnswer answer) const;
  // Somebody new behind door `index`, and a new door on Elm Street north of door `index`, for the list of its turf.
  canvass::v1::Addition FoundPeople(int index) const;
  canvass::v1::Addition FoundDoor(int index) const;
  // Sends them with the phone of leader 1's canvasser, or with `token`; the call must succeed. One
  // answer for each.
  std::vector<canvass::v1::KnockAnswer> Send(const std::vector<canvass::v1::Knock>& knocks,
                                             const std::string& token = "");

  // One number from the database, as the superuser: select count(*) from ...
  int64_t Count(const std::string& sql);
  void Execute(const std::string& sql);

  TestDatabase database;
  FakeClock clock;
  TestCampaign campaign;
  base::MemberId leader, other_leader, canvasser, other_canvasser;
  std::string leader_token, other_leader_token;
  std::string phone, other_phone;  // tokens of the canvassers' phones
  std::vector<int64_t> doors;      // ids, by index
  std::vector<int64_t> people;     // of door i: 2i and 2i + 1
  std::vector<std::string> lists;  // numbers of lists 1 and 2, from index 0
  int64_t cut_id = 0;

 private:
  base::MemberId MakeMember(base::MemberId above, int depth, int slot, const std::string& role);
  int64_t Insert(const std::string& sql);
  void MakeGround();
  void MakeTurfs();

  prometheus::Registry metrics_;  // outlives the server
  std::unique_ptr<TestServer> server_;
  std::unique_ptr<canvass::v1::CanvassService::Stub> canvass_;
  std::unique_ptr<followup::v1::FollowUpService::Stub> followup_;
};

}  // namespace snowfield::tests
