// HttpsGet: fetches a small document of an issuer, within limits that a hostile address can't get around (libcurl).
//
// https only, with the peer's certificate checked; no redirects, no proxies of the environment; a size and a time
// limit; and no address of this machine or of a private network, whatever name leads there, unless the operator allows
// it: the check is made on the address that is about to be connected to. Thread safety: any thread; after the first
// call is done (libcurl's own initialisation is guarded).
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"

namespace snowfield::access {

struct HttpsLimits {
  size_t bytes_max = 256 * 1024;
  absl::Duration time_max = absl::Seconds(5);
  std::string ca_file = {};     // PEM; empty: the authorities that this machine trusts
  bool allow_private = false;   // addresses of private networks: an issuer in the house
  bool allow_loopback = false;  // this machine, and there plain http too: for tests
};

// Whether the URL may be asked at all: https with a host and without user, query and fragment; http on loopback where
// that is allowed.
bool IsAllowedUrl(const std::string& url, const HttpsLimits& limits);

// The body of a 200. UNAVAILABLE with reason SIGN_IN_UNAVAILABLE for everything else; never with the URL.
absl::StatusOr<std::string> HttpsGet(const std::string& url, const HttpsLimits& limits);

}  // namespace snowfield::access
