#include "services/cli/command_line.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "services/cli/access_verbs.h"
#include "services/cli/addition_verbs.h"
#include "services/cli/audit_verbs.h"
#include "services/cli/contact_verbs.h"
#include "services/cli/evidence_verbs.h"
#include "services/cli/follow_up_verbs.h"
#include "services/cli/growth_verbs.h"
#include "services/cli/import/import_verbs.h"
#include "services/cli/meeting_verbs.h"
#include "services/cli/member_verbs.h"
#include "services/cli/paper_verbs.h"
#include "services/cli/person_verbs.h"
#include "services/cli/phone_verbs.h"
#include "services/cli/probe_verb.h"
#include "services/cli/report_verbs.h"
#include "services/cli/rule_verbs.h"
#include "services/cli/sample_verbs.h"
#include "services/cli/script_verbs.h"
#include "services/cli/sign_in_verbs.h"
#include "services/cli/territory_verbs.h"
#include "services/cli/turf_verbs.h"
#include "services/cli/voted_verbs.h"

namespace snowfield::cli {

void AddClientVerbs(CLI::App& app, Session& session) {
  // Shared flags may stand before or after the verb.
  app.fallthrough();
  app.add_option("--address", session.address, "The server, HOST:PORT ($SNOWFIELD_ADDRESS)");
  app.add_option("--token", session.token, "Who you are ($SNOWFIELD_TOKEN)");
  app.add_option("--context", session.context_file, "File with address and token ($SNOWFIELD_CONTEXT)");
  app.add_option("--campaign", session.campaign,
                 "With an ID token of OpenID Connect: which campaign ($SNOWFIELD_CAMPAIGN)");
  app.add_option("--ca", session.ca, "Speak TLS: the CA's PEM file, or \"system\" ($SNOWFIELD_CA)");
  app.add_option("--cert", session.certificate, "This client's certificate, for mutual TLS ($SNOWFIELD_CERT)");
  app.add_option("--key", session.key, "Its key ($SNOWFIELD_KEY)");
  app.add_flag("--json", session.json, "Print JSON, for programs");
  AddAccessVerbs(app, session);
  AddAuditVerbs(app, session);
  AddSignInVerbs(app, session);
  AddImportVerbs(app, session);
  AddTerritoryVerbs(app, session);
  AddTurfVerbs(app, session);
  AddMemberVerbs(app, session);
  AddGrowthVerbs(app, session);
  AddMeetingVerbs(app, session);
  AddPersonVerbs(app, session);
  AddPhoneVerbs(app, session);
  AddPaperVerbs(app, session);
  AddScriptVerbs(app, session);
  AddFollowUpVerbs(app, session);
  AddContactVerbs(app, session);
  AddRuleVerbs(app, session);
  AddEvidenceVerbs(app, session);
  AddReportVerbs(app, session);
  AddVotedVerbs(app, session);
  AddAdditionVerbs(app, session);
  AddSampleVerbs(app, session);
  AddProbeVerb(app, session);
}

absl::Status RunVerb(const Session& session, std::vector<std::string> words) {
  Session inner = session;
  CLI::App app("snowfield");
  AddClientVerbs(app, inner);
  std::reverse(words.begin(), words.end());  // CLI11 takes a vector from its back
  try {
    app.parse(std::move(words));
  } catch (const CLI::Error& error) {
    return absl::InternalError(absl::StrCat("a verb that this program wrote itself does not parse: ", error.what()));
  }
  return inner.run();
}

std::string Describe(const absl::Status& status) {
  const base::ProblemDetail detail = base::DetailOf(status);
  std::string text = base::MessageOf(status);
  if (!detail.field.empty()) text = absl::StrCat(detail.field, ": ", text);
  if (!detail.reason.empty()) absl::StrAppend(&text, "  [", detail.reason, "]");
  return text;
}

}  // namespace snowfield::cli
