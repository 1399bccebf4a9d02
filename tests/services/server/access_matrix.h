// The access matrix as data: who gets what answer from every RPC (access_matrix.cc).
#pragma once

#include <ostream>
#include <span>
#include <string_view>

namespace snowfield::tests {

// Who calls. All but the foreign owner are of the campaign that the requests are about.
enum class CallerKind {
  kNone,
  kExpired,
  kRevoked,
  kCanvasser,       // the phone of a canvasser on the leader's team
  kOtherCanvasser,  // the phone of one on the other leader's
  kLeader,
  kOtherLeader,
  kClerk,
  kDirector,
  kForeignOwner,
  kOwner,
  kOrganizer,
  kBranchOrganizer,  // held to their branch, in which nobody else stands
  kViewer,
};
inline constexpr int kCallerKinds = 14;
inline constexpr std::string_view kCallerNames[kCallerKinds] = {
    "no token", "expired",  "revoked",       "canvasser", "other canvasser", "leader",           "other leader",
    "clerk",    "director", "foreign owner", "owner",     "organizer",       "branch organizer", "viewer"};

// One letter a caller, in the order of CallerKind; blanks are for the eye.
//
//   A  is answered; where the row has a needle, the answer holds it
//   E  is answered, and the answer does not hold the needle
//   M X R  TOKEN_MISSING, TOKEN_EXPIRED, TOKEN_REVOKED
//   P  PERMISSION_MISSING: the role lacks the right
//   S  SCOPE_MISSING: is held to a branch, and the call is about the campaign
//   B  NOT_YOUR_BRANCH, NOT_YOUR_LIST or NOT_YOUR_FOLLOW_UP: another's
//   W  PHONE_TOKEN_NEEDED
//   N  NOT_FOUND
//   F  FAILED_PRECONDITION: admitted, but the caller's own campaign has nothing to do it with
// Whoever is answered as a foreign owner never sees the mark that all texts of the campaign bear.
struct MatrixRow {
  std::string_view method;   // without "snowfield."
  std::string_view request;  // text form; $words are put in anew for each call (matrix_campaign.h)
  std::string_view outcomes;
  std::string_view needle = {};
};

// What GoogleTest prints of a row.
inline void PrintTo(const MatrixRow& row, std::ostream* out) { *out << row.method; }

std::span<const MatrixRow> AccessMatrix();

}  // namespace snowfield::tests
