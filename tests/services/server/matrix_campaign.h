// MatrixCampaign: a small campaign with one caller of each kind, on a real server with all services.
//
// All texts in it bear kMark. The words of a request ("$canvasser") are resolved for each call anew, so that one that
// uses something up (a code, a finished cut) gets a fresh one.
// Thread safety: one thread.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "services/server/server.h"
#include "tests/services/canvass/field.h"
#include "tests/services/server/access_matrix.h"
#include "tests/services/server/raw_call.h"

namespace snowfield::tests {

inline constexpr std::string_view kMark = "Snowmark";

class MatrixCampaign {
 public:
  // With metrics for Prometheus at metrics_port(), whose HTTP server takes 2 seconds to end.
  explicit MatrixCampaign(bool with_metrics = false);

  // Calls the RPC as this caller, with the words of `request` put in, and then changed by `change`.
  RawAnswer Call(
      std::string_view method, std::string_view request, CallerKind caller,
      const std::function<void(google::protobuf::Message&)>& change = [](google::protobuf::Message&) {});
  // `text` with its words put in.
  std::string Resolve(std::string_view text);
  // From now on statements fail that write an audit entry or read a person.
  void BreakDatabase();
  // Where Prometheus reads.
  int metrics_port() const { return server_->metrics_port(); }
  // Where the database cluster keeps its files and logs.
  std::string ClusterFolder();

 private:
  int64_t MakeMember(const std::string& role, int slot, bool held_to_branch = false);
  std::string TokenOf(int64_t member);
  void MarkAll();
  void MakeTokens();
  void MakeWords();
  // Calls as the owner; must succeed. The answer's text.
  std::string AsOwner(std::string_view method, const std::string& request);
  void MakePaper();
  int64_t FreshBatch();
  std::string FreshFollowUp();
  std::string StartCutAndWait();
  std::string MoveADoor();

  Field field_;
  TestCampaign foreign_;
  std::unique_ptr<server::Server> server_;
  std::shared_ptr<grpc::Channel> channel_;
  std::map<CallerKind, std::string> tokens_;
  std::map<std::string, std::function<std::string()>> words_;
  int64_t follow_up_ = 0;
};

}  // namespace snowfield::tests
