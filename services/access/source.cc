#include "services/access/source.h"

#include <arpa/inet.h>
#include <sodium.h>

#include <cstring>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"
#include "base/status.h"

namespace snowfield::access {
namespace {
constexpr size_t kHashBytes = 32;
constexpr size_t kNetworkBytesV6 = 8;  // a /64

// The address of "ipv4:192.0.2.7:5000" or "ipv6:%5B2001:db8::1%5D:5000"; gRPC escapes the brackets.
std::string AddressOf(std::string_view peer) {
  std::string text = absl::StrReplaceAll(base::ToAbsl(peer), {{"%5B", "["}, {"%5D", "]"}, {"%25", "%"}});
  absl::string_view rest = text;
  if (absl::ConsumePrefix(&rest, "ipv4:")) return std::string(rest.substr(0, rest.rfind(':')));
  if (absl::ConsumePrefix(&rest, "ipv6:[")) return std::string(rest.substr(0, rest.find(']')));
  return text;
}

}  // namespace

std::string NetworkOf(std::string_view peer, std::string_view forwarded) {
  std::string address = AddressOf(peer);
  if (!forwarded.empty()) {
    const size_t comma = forwarded.rfind(',');
    address = std::string(forwarded.substr(comma == std::string_view::npos ? 0 : comma + 1));
    absl::StripAsciiWhitespace(&address);
  }
  in_addr v4{};
  in6_addr v6{};
  // An IPv6 address may name its zone: fe80::1%eth0.
  const std::string without_zone = address.substr(0, address.find('%'));
  if (inet_pton(AF_INET6, without_zone.c_str(), &v6) == 1) {
    if (IN6_IS_ADDR_V4MAPPED(&v6)) {
      std::memcpy(&v4, v6.s6_addr + 12, sizeof(v4));
    } else {
      std::memset(v6.s6_addr + kNetworkBytesV6, 0, sizeof(v6) - kNetworkBytesV6);
      char text[INET6_ADDRSTRLEN] = {};
      inet_ntop(AF_INET6, &v6, text, sizeof(text));
      return std::string(text) + "/64";
    }
  } else if (inet_pton(AF_INET, without_zone.c_str(), &v4) != 1) {
    return address;
  }
  char text[INET_ADDRSTRLEN] = {};
  inet_ntop(AF_INET, &v4, text, sizeof(text));
  return text;
}

bool IsThisMachine(std::string_view peer) {
  const std::string network = NetworkOf(peer, "");
  return absl::StartsWith(network, "127.") || network == "::/64" || absl::StartsWith(network, "unix:");
}

std::string SourceOf(std::string_view peer, std::string_view forwarded) {
  const std::string network = NetworkOf(peer, forwarded);
  std::string hash(kHashBytes, '\0');
  crypto_generichash(reinterpret_cast<unsigned char*>(hash.data()), hash.size(),
                     reinterpret_cast<const unsigned char*>(network.data()), network.size(), nullptr, 0);
  return hash;
}

}  // namespace snowfield::access
