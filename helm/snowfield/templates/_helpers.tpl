{{/* Names, labels, and what all pods have in common. */}}

{{- define "snowfield.name" -}}
{{- if contains "snowfield" .Release.Name -}}
{{- .Release.Name | trunc 40 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-snowfield" (.Release.Name | trunc 30 | trimSuffix "-") -}}
{{- end -}}
{{- end }}

{{- define "snowfield.selector" -}}
app.kubernetes.io/name: snowfield
app.kubernetes.io/instance: {{ .root.Release.Name }}
app.kubernetes.io/component: {{ .component }}
{{- end }}

{{- define "snowfield.labels" -}}
{{ include "snowfield.selector" . }}
app.kubernetes.io/version: {{ .root.Chart.AppVersion | quote }}
app.kubernetes.io/part-of: snowfield
app.kubernetes.io/managed-by: {{ .root.Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .root.Chart.Name .root.Chart.Version }}
{{- end }}

{{- define "snowfield.image" -}}
{{- $tag := .image.tag | default .root.Chart.AppVersion -}}
{{- if .image.digest -}}{{ .image.repository }}@{{ .image.digest }}{{- else -}}{{ .image.repository }}:{{ $tag }}{{- end -}}
{{- end }}

{{- define "snowfield.serviceAccount" -}}
{{- .Values.serviceAccount.existing | default (include "snowfield.name" .) -}}
{{- end }}

{{- define "snowfield.podSecurity" -}}
runAsNonRoot: true
runAsUser: 65532
runAsGroup: 65532
fsGroup: 65532
seccompProfile: {type: RuntimeDefault}
{{- end }}

{{- define "snowfield.containerSecurity" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities: {drop: [ALL]}
{{- end }}

{{/* The secret and key of a connection string: "server" or "owner". */}}
{{- define "snowfield.databaseVariable" -}}
{{- $database := .root.Values.database -}}
{{- $chosen := index $database .role -}}
{{- if $chosen.existingSecret -}}
valueFrom: {secretKeyRef: {name: {{ $chosen.existingSecret }}, key: {{ $chosen.key }}}}
{{- else if not $database.cluster.create -}}
{{- fail (printf "database.%s.existingSecret: name a secret with a libpq connection string, or set database.cluster.create" .role) -}}
{{- else if eq .role "owner" -}}
valueFrom: {secretKeyRef: {name: {{ include "snowfield.name" .root }}-db-app, key: uri}}
{{- else -}}
value: host={{ include "snowfield.name" .root }}-db-rw port=5432 dbname=snowfield user=snowfield_server sslmode=require
{{- end -}}
{{- end }}

{{/* The services of one deployment. */}}
{{- define "snowfield.services" -}}
{{- if eq . "phones" -}}canvass{{- else if eq . "cutter" -}}turf{{- else -}}access,territory,organizing,script,review,report,paper,followup{{- end -}}
{{- end }}

{{/* The pod that prints the operator's token (NOTES.txt). */}}
{{- define "snowfield.tokenPod" -}}
spec:
  automountServiceAccountToken: false
  securityContext: {{- include "snowfield.podSecurity" . | nindent 4 }}
  containers:
    - name: {{ include "snowfield.name" . }}-token
      image: {{ include "snowfield.image" (dict "root" . "image" .Values.image) }}
      args: [migrate, --operator-token-file=-]
      env:
        - name: SNOWFIELD_OWNER_DATABASE
          {{- include "snowfield.databaseVariable" (dict "root" . "role" "owner") | nindent 10 }}
      securityContext: {{- include "snowfield.containerSecurity" . | nindent 8 }}
{{- end }}
