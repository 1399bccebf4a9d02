// SimulatedPhone: what a canvasser's app does, over real gRPC: enrol, take out lists, knock offline, send, learn.
//
// Knocks go into an outbox and leave it only when the server has answered for them; a batch whose answer was lost is
// sent again as it was. The phone keeps its own view of each list: the download, its own knocks, and the changes since.
// Thread safety: one thread at a time.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "services/cli/client.h"
#include "snowfield/canvass/v1/canvass.pb.h"

namespace snowfield::cli {

inline constexpr int kSendAttemptsMax = 6;
inline constexpr int kPhoneBatchKnocksMax = 100;
inline constexpr int kPhoneBatchAdditionsMax = 100;

struct PhoneEnrolment {
  std::string code;
  std::string label = {};
};

// What became of the knocks that were sent; each is counted once, by its last answer.
struct SendOutcome {
  int accepted = 0;
  int duplicates = 0;
  int conflicts = 0;
  int rejected = 0;  // kept in rejected(), for the canvasser to see
  int flagged = 0;   // accepted with a mark of the server's
  int batches = 0;
};

// What a phone holds in its storage, so that it goes on where it was after a restart.
struct PhoneMemory {
  std::string address;
  std::string token;
  int64_t phone_id = 0;
  int64_t member_id = 0;
  std::string label;
  std::string boot_id;
  int64_t running_number = 0;  // of the last knock
  std::deque<canvass::v1::Knock> outbox;
  std::deque<canvass::v1::Addition> additions;  // found in the field, not answered for yet
  std::vector<canvass::v1::KnockAnswer> rejected;
  std::map<std::string, canvass::v1::DownloadWalkListResponse> lists;  // by number, as they stand now
};

class SimulatedPhone {
 public:
  // UNAUTHENTICATED, reason ENROLMENT_CODE_INVALID, for a code that is wrong, used or expired.
  static absl::StatusOr<SimulatedPhone> Enrol(const Client& server, const PhoneEnrolment& enrolment);
  // A phone that was enrolled before; `server` says where, the memory who.
  SimulatedPhone(const Client& server, PhoneMemory memory);

  const PhoneMemory& memory() const { return memory_; }

  absl::StatusOr<std::vector<canvass::v1::WalkListSummary>> ListMine();
  // With `take_over` the other phones that have it out have it no longer.
  absl::StatusOr<canvass::v1::CheckOutWalkListResponse> CheckOut(const std::string& list_number,
                                                                 bool take_over = false);
  // Keeps the list in memory.
  absl::Status Download(const std::string& list_number);
  // FAILED_PRECONDITION where it is not downloaded. Lives until the next call that changes the phone.
  absl::StatusOr<const canvass::v1::DownloadWalkListResponse*> FindList(const std::string& list_number) const;
  // Hands the list back and erases it here.
  absl::Status Return(const std::string& list_number);

  // Puts a knock into the outbox, with an id and the next running number of its own, and into the view of its list.
  // Returns its id.
  std::string Keep(canvass::v1::Knock knock);
  // Keeps what was found in the field for the next SendAdditions(), with an id and the time; returns the id.
  std::string KeepAddition(canvass::v1::Addition addition);
  // Sends what was found, as Send() does; the answers, each to one addition.
  absl::StatusOr<std::vector<canvass::v1::AdditionAnswer>> SendAdditions();
  // Sends the outbox until it is empty, in batches; with `twice` each batch is sent again after its answer, as a phone
  // that did not get it would. A batch that fails is sent again whole, with pauses; then the error is returned and the
  // outbox is as it was.
  absl::StatusOr<SendOutcome> Send(bool twice = false);
  // Reads the changes of each list since it was last read; how many there were. A list that was revoked or taken over
  // is erased; one that changed is downloaded again.
  absl::StatusOr<int> FetchChanges();
  // As FetchChanges() for one list, waiting until there is something new, at most `seconds`.
  absl::StatusOr<int> WaitForChanges(const std::string& list_number, int seconds);

 private:
  absl::StatusOr<canvass::v1::SendKnocksResponse> SendBatch(const canvass::v1::SendKnocksRequest& batch);
  void TakeAnswers(const canvass::v1::SendKnocksResponse& answers, SendOutcome& outcome);
  // What changes mean for the list as a whole.
  struct Fate {
    bool over = false;
    bool changed = false;
  };
  static void LearnAll(const google::protobuf::RepeatedPtrField<canvass::v1::Change>& changes,
                       canvass::v1::DownloadWalkListResponse& list, Fate& fate);
  absl::Status Follow(const std::string& number, const Fate& fate);
  absl::StatusOr<int> FetchChangesOf(canvass::v1::DownloadWalkListResponse& list, Fate& fate);

  Client client_;
  PhoneMemory memory_;
};

struct WalkOptions {
  uint64_t seed = 1;
  double contact_rate = 0.25;  // share of doors where someone opens
  double mistake_rate = 0.01;  // share of knocks that a correction follows
  int door_count_max = 0;      // 0: to the end of the list
  int send_every_knocks = 15;  // what gathers before the phone tries to send
  double offline_rate = 0.4;   // share of these times at which there is no signal
  double resend_rate = 0.2;    // share of batches that are sent twice on purpose
};

struct WalkOutcome {
  int doors_passed = 0;  // with nobody to be contacted
  int doors_knocked = 0;
  int knocks = 0;  // corrections included
  int accepted = 0;
  int duplicates = 0;  // answers to what was sent twice
  int conflicts = 0;
  int rejected = 0;
  int contacts = 0;  // doors that opened
  int changes = 0;   // learned from the server
};

// Takes out the list, downloads it, walks its doors in order with a plausible, seeded share of results, sends in
// batches with stretches without signal, and learns what changed. Everything is sent in the end. The knocks lie in the
// time just past, some minutes for each door that opens.
absl::StatusOr<WalkOutcome> WalkList(SimulatedPhone& phone, const std::string& list_number, const WalkOptions& options);

}  // namespace snowfield::cli
