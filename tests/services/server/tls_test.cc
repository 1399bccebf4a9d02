// TLS and mutual TLS with real certificates: the server, and the command line as its client.
#include "services/server/tls.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "base/status.h"
#include "services/cli/command_line.h"
#include "services/server/server.h"
#include "tests/services/server/test_certificates.h"
#include "tests/support/test_database.h"
#include "tests/support/test_server.h"

namespace snowfield::server {
namespace {

class Tls : public ::testing::Test {
 protected:
  Tls() : campaign_(tests::MakeCampaign(database_)) {
    certificates_.MakeAuthority("authority");
    certificates_.MakeAuthority("stranger");
    certificates_.MakeCertificate("server", "authority");
  }
  std::string Path(const std::string& file) const { return certificates_.Path(file); }
  TlsFiles Files(const std::string& client_ca = "") const {
    return {.certificate = Path("server.pem"),
            .key = Path("server.key"),
            .client_ca = client_ca.empty() ? "" : Path(client_ca),
            .reload_every = absl::Seconds(1)};
  }
  void Start(const TlsFiles& files) {
    auto server = Server::Start(&database_.pool(), {.listen = "127.0.0.1:0", .tls = files, .services = {"access"}});
    ASSERT_TRUE(server.ok()) << server.status();
    server_ = *std::move(server);
  }
  // `snowfield whoami`, as typed.
  absl::Status WhoAmI(const std::string& ca, const std::string& certificate = "") const {
    cli::Session session;
    session.address = absl::StrCat("127.0.0.1:", server_->port());
    session.token = campaign_.owner_token;
    session.context_file = Path("no-context.json");
    if (!ca.empty()) session.ca = Path(ca);
    if (!certificate.empty()) {
      session.certificate = Path(certificate + ".pem");
      session.key = Path(certificate + ".key");
    }
    return cli::RunVerb(session, {"whoami"});
  }
  static std::string Reason(const absl::Status& status) { return base::DetailOf(status).reason; }

  tests::TestDatabase database_;
  tests::TestCampaign campaign_;
  tests::TestCertificates certificates_;
  std::unique_ptr<Server> server_;
};

TEST_F(Tls, AnswersWhoTrustsItsAuthorityAndNobodyInPlainText) {
  Start(Files());
  EXPECT_TRUE(WhoAmI("authority.pem").ok());
  EXPECT_TRUE(absl::IsUnavailable(WhoAmI("stranger.pem")));
  EXPECT_TRUE(absl::IsUnavailable(WhoAmI("")));
}

TEST_F(Tls, MutualLetsInOnlyCertificatesOfTheClientAuthority) {
  certificates_.MakeCertificate("friend", "authority");
  certificates_.MakeCertificate("foe", "stranger");
  Start(Files("authority.pem"));
  EXPECT_TRUE(WhoAmI("authority.pem", "friend").ok());
  EXPECT_TRUE(absl::IsUnavailable(WhoAmI("authority.pem", "foe")));
  EXPECT_TRUE(absl::IsUnavailable(WhoAmI("authority.pem")));
}

TEST_F(Tls, TakesARenewedCertificateWithoutARestart) {
  Start(Files());
  ASSERT_TRUE(WhoAmI("authority.pem").ok());
  // The new one is of another authority, so that only it can be what satisfies this client.
  certificates_.MakeCertificate("server", "stranger");
  absl::Status status;
  for (const absl::Time end = absl::Now() + absl::Seconds(20); absl::Now() < end; absl::SleepFor(absl::Seconds(1))) {
    status = WhoAmI("stranger.pem");
    if (status.ok()) break;
  }
  EXPECT_TRUE(status.ok()) << status;
  EXPECT_TRUE(absl::IsUnavailable(WhoAmI("authority.pem")));
}

TEST_F(Tls, IsNeededOffLoopback) {
  const auto start = [&](const ServerOptions& options) { return Server::Start(&database_.pool(), options).status(); };
  EXPECT_EQ(Reason(start({.listen = "0.0.0.0:0", .services = {"access"}})), "PLAIN_TEXT_OFF_LOOPBACK");
  EXPECT_TRUE(start({.listen = "0.0.0.0:0", .plain_text_off_loopback = true, .services = {"access"}}).ok());
  EXPECT_TRUE(start({.listen = "0.0.0.0:0", .tls = Files(), .services = {"access"}}).ok());
}

TEST_F(Tls, FilesThatCannotServeAreRefusedAtTheStart) {
  EXPECT_TRUE(CheckTlsFiles(Files()).ok());
  TlsFiles files = Files();
  files.key = "";
  EXPECT_EQ(Reason(CheckTlsFiles(files)), "TLS_FILES_INCOMPLETE");
  EXPECT_EQ(Reason(Server::Start(&database_.pool(), {.listen = "127.0.0.1:0", .tls = files, .services = {}}).status()),
            "TLS_FILES_INCOMPLETE");
  files.key = Path("nothing.key");
  EXPECT_EQ(Reason(CheckTlsFiles(files)), "TLS_FILE_UNREADABLE");
  files.key = Path("server.pem");
  EXPECT_EQ(Reason(CheckTlsFiles(files)), "TLS_FILE_UNREADABLE");
  certificates_.MakeCertificate("other", "authority");
  files.key = Path("other.key");
  EXPECT_EQ(Reason(CheckTlsFiles(files)), "TLS_KEY_MISMATCH");
  files = Files("server.key");
  EXPECT_EQ(Reason(CheckTlsFiles(files)), "TLS_FILE_UNREADABLE");
  ::chmod(Path("server.key").c_str(), 0644);
  EXPECT_EQ(Reason(CheckTlsFiles(Files())), "TLS_KEY_EXPOSED");
}

}  // namespace
}  // namespace snowfield::server
