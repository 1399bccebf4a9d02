#include "services/access/source.h"

#include <gtest/gtest.h>

namespace snowfield::access {
namespace {

TEST(Source, IsTheAddressWithoutThePort) {
  EXPECT_EQ(NetworkOf("ipv4:192.0.2.7:5000", ""), "192.0.2.7");
  EXPECT_EQ(NetworkOf("ipv4:192.0.2.7:5001", ""), "192.0.2.7");
  EXPECT_EQ(NetworkOf("unix:/run/x", ""), "unix:/run/x");
}

TEST(Source, OfAnIpv6SubscriberIsTheirNetwork) {
  EXPECT_EQ(NetworkOf("ipv6:[2001:db8:1:2:3:4:5:6]:5000", ""), "2001:db8:1:2::/64");
  EXPECT_EQ(NetworkOf("ipv6:%5B2001:db8:1:2:ffff::1%5D:5000", ""), "2001:db8:1:2::/64");
  EXPECT_EQ(NetworkOf("ipv6:[fe80::1%25eth0]:1", ""), "fe80::/64");
  EXPECT_EQ(NetworkOf("ipv6:[::ffff:192.0.2.7]:1", ""), "192.0.2.7");
}

TEST(Source, BehindAProxyIsWhatTheProxyItselfWrote) {
  EXPECT_EQ(NetworkOf("ipv4:127.0.0.1:1", "198.51.100.9"), "198.51.100.9");
  EXPECT_EQ(NetworkOf("ipv4:127.0.0.1:1", "1.1.1.1, 198.51.100.9"), "198.51.100.9") << "the first is the client's word";
}

TEST(Source, OfThisMachineTellsNobodyApart) {
  EXPECT_TRUE(IsThisMachine("ipv4:127.0.0.1:5000"));
  EXPECT_TRUE(IsThisMachine("ipv6:[::1]:5000"));
  EXPECT_TRUE(IsThisMachine("unix:/run/snowfield"));
  EXPECT_FALSE(IsThisMachine("ipv4:192.0.2.7:5000"));
  EXPECT_FALSE(IsThisMachine("ipv6:[2001:db8::1]:5000"));
}

TEST(Source, IsKeptAsAHash) {
  const std::string hash = SourceOf("ipv4:192.0.2.7:5000", "");
  EXPECT_EQ(hash.size(), 32u);
  EXPECT_EQ(hash, SourceOf("ipv4:192.0.2.7:9", ""));
  EXPECT_NE(hash, SourceOf("ipv4:192.0.2.8:9", ""));
}

}  // namespace
}  // namespace snowfield::access
